import { brokenBooks } from './adapters/typeorm/books/check-ledger.ts';
import { SqlUsageDays } from './adapters/typeorm/books/usage-days.ts';
import { openAsItIs, openDatabase } from './adapters/typeorm/database/data-source.ts';
import type { Database } from './adapters/typeorm/database/database.ts';
import type { Config } from './config.ts';
import { databasePlace } from './database-place.ts';

/** The books of all workspaces, for looking through them from a terminal. */
export interface Books {
  /** What is wrong with the ledger, in sentences. */
  ledgerProblems(): Promise<string[]>;
  /** Where the figures of usage say something else than the ledger, in sentences. */
  usageDifferences(): Promise<string[]>;
  /** Adds the figures of usage up anew from the ledger. @returns how many days of workspaces there are. */
  rebuildUsage(): Promise<number>;
  close(): Promise<void>;
}

/** Opens the books, whether or not a server is there. @throws {DatabaseOpenError} with the remedy. */
export async function openBooks(config: Config): Promise<Books> {
  return booksOf(await openDatabase(databasePlace(config)));
}

/** Opens the books to look at them, and changes nothing: undefined where there are none that this version has made. */
export async function openBooksAsTheyAre(config: Config): Promise<Books | undefined> {
  const database = await openAsItIs(databasePlace(config));
  return database && booksOf(database);
}

function booksOf(database: Database): Books {
  const days = new SqlUsageDays(database);
  return {
    ledgerProblems: () => brokenBooks(database),
    usageDifferences: () => days.differences(),
    rebuildUsage: () => days.rebuild(),
    close: () => database.close(),
  };
}
