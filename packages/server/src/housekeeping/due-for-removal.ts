import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UnownedFiles } from '../adapters/disk/unowned-files.ts';
import { openAsItIs } from '../adapters/typeorm/database/data-source.ts';
import { SqlLeftovers } from '../adapters/typeorm/files/leftovers.ts';
import { UnusedFiles } from '../adapters/typeorm/files/unused-files.ts';
import type { Config } from '../config.ts';
import { FILES_FOLDER } from '../data-folders.ts';
import { databasePlace } from '../database-place.ts';
import { sweepMoments } from './housekeeping.ts';

/** What is due, and the bytes of its files. */
export interface DueForRemoval {
  runs: number;
  /** Files that a workspace would own no longer, and those that none owns. */
  files: number;
  bytes: number;
}

/**
 * What housekeeping would remove at a moment. Changes nothing.
 * @returns undefined where there is no database that this version has made. @throws what the database or the disk says.
 */
export async function dueForRemoval(config: Config, now: Date): Promise<DueForRemoval | undefined> {
  const database = await openAsItIs(databasePlace(config));
  if (!database) return undefined;
  try {
    const { runsEndedBefore, filesUnusedBefore } = sweepMoments(now, config.keepRunsDays);
    const leftovers = new SqlLeftovers(database);
    const unused = await new UnusedFiles(database).count({
      ...{ madeBefore: filesUnusedBefore, resultsUsedBefore: filesUnusedBefore },
      ...(runsEndedBefore === null ? {} : { endedBefore: runsEndedBefore }),
    });
    const root = join(config.dataDir, FILES_FOLDER);
    const isThere = await access(root).then(
      () => true,
      () => false,
    );
    const unowned = isThere ? await new UnownedFiles({ root, owners: leftovers }).count() : { files: 0, bytes: 0 };
    return {
      runs: runsEndedBefore === null ? 0 : await leftovers.countRuns(runsEndedBefore),
      files: unused.files + unowned.files,
      bytes: unused.bytes + unowned.bytes,
    };
  } finally {
    await database.close();
  }
}
