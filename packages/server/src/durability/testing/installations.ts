import { type ScratchKind, scratchKinds } from '../../adapters/typeorm/testing/scratch-databases.ts';
import type { QueueKind } from '../../config.ts';

/** What a server is put together of. */
export interface Installation {
  name: string;
  database: ScratchKind;
  queue: QueueKind;
}

/** The installations to try: SQLite, and PostgreSQL with either queue where a server's address is given. */
export function installations(postgresUrl: string | null): Installation[] {
  return scratchKinds(postgresUrl).flatMap((database) => {
    const { name } = database;
    const embedded = { name, database, queue: 'embedded' as const };
    return name === 'SQLite'
      ? [embedded]
      : [embedded, { name: `${name}, its queue too,`, database, queue: 'postgres' }];
  });
}
