import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type DatabasePlace, openDatabase } from '../database/data-source.ts';
import type { Database } from '../database/database.ts';

/** A database of a test's own. */
export interface ScratchDatabase {
  place: DatabasePlace;
  /** Removes it. Close what was opened first. */
  remove(): Promise<void>;
}

/** A kind of database that tests run on. */
export interface ScratchKind {
  name: 'SQLite' | 'PostgreSQL';
  create(): Promise<ScratchDatabase>;
}

/** The databases to run a test on: SQLite, and PostgreSQL where a server's address is given. */
export function scratchKinds(postgresUrl: string | null): ScratchKind[] {
  const sqlite: ScratchKind = { name: 'SQLite', create: createSqlite };
  if (postgresUrl === null) return [sqlite];
  return [sqlite, { name: 'PostgreSQL', create: () => createPostgres(postgresUrl) }];
}

/** A new, migrated database, and how to be rid of it. */
export async function openScratch(kind: ScratchKind): Promise<{ database: Database; remove: () => Promise<void> }> {
  const scratch = await kind.create();
  const database = await openDatabase(scratch.place);
  return {
    database,
    remove: async () => {
      await database.close();
      await scratch.remove();
    },
  };
}

async function createSqlite(): Promise<ScratchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-sqlite-'));
  return {
    place: { sqliteFile: join(folder, 'imaginarium.sqlite') },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createPostgres(serverUrl: string): Promise<ScratchDatabase> {
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = name;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  return { place: { url: url.href }, remove: () => administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
