import { findRedisServer } from '../../../../../tests/services/redis.ts';
import { type EmptyKind, scratchKinds } from '../../adapters/typeorm/testing/scratch-databases.ts';
import type { QueueKind } from '../../settings.ts';

/** What a server is put together of. */
export interface Installation {
  name: string;
  database: EmptyKind;
  queue: QueueKind;
}

/** The installations to try: SQLite, and PostgreSQL with each queue, as far as the services are there. */
export function installations(postgresUrl: string | null): Installation[] {
  return scratchKinds(postgresUrl).flatMap((database) => {
    const { name } = database;
    const embedded = { name, database, queue: 'embedded' as const };
    if (name === 'SQLite') return [embedded];
    const inPostgres = { name: `${name}, its queue too,`, database, queue: 'postgres' as const };
    const inRedis = { name: `${name}, its queue in Redis,`, database, queue: 'redis' as const };
    return [embedded, inPostgres, ...(findRedisServer() === null ? [] : [inRedis])];
  });
}
