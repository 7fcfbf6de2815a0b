import { openDatabase } from './adapters/typeorm/database/data-source.ts';
import { UnusedFiles } from './adapters/typeorm/files/unused-files.ts';
import { noteEarlierUses } from './adapters/typeorm/runs/file-uses.ts';
import type { Config } from './config.ts';
import { databasePlace } from './database-place.ts';
import { sweepMoments } from './housekeeping/housekeeping.ts';

/** Files that nothing names any more, uploads included, for looking through them from a terminal. */
export interface LeftoverFiles {
  /** How many there are, and their bytes as far as no other workspace has the same. */
  count(): Promise<{ files: number; bytes: number }>;
  /** Has workspaces own them no longer: a server removes their bytes within a day. @returns how many there were. */
  disown(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Finds what runs name that were there before this was written down, and opens the files that nothing names. A server may be there.
 * @param uploadedBefore uploads from before this may be among them. @throws {DatabaseOpenError} with the remedy.
 */
export async function openLeftoverFiles(config: Config, uploadedBefore: Date): Promise<LeftoverFiles> {
  const database = await openDatabase(databasePlace(config));
  await noteEarlierUses(database).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const unused = new UnusedFiles(database);
  const { filesUnusedBefore } = sweepMoments(new Date(), null);
  const before = {
    ...{ madeBefore: filesUnusedBefore, resultsUsedBefore: filesUnusedBefore },
    uploadedBefore: uploadedBefore.toISOString(),
  };
  return {
    count: () => unused.count(before),
    disown: () => unused.disown(before),
    close: () => database.close(),
  };
}
