import { join } from 'node:path';
import type { DatabasePlace } from './adapters/typeorm/database/data-source.ts';
import type { Config } from './config.ts';

/** Where the settings say that the database is. */
export function databasePlace({ databaseUrl, dataDir }: Config): DatabasePlace {
  return databaseUrl === null ? { sqliteFile: join(dataDir, 'imaginarium.sqlite') } : { url: databaseUrl };
}
