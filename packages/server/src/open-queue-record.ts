import type { QueueState } from '@imaginarium/protocol';
import { openDatabase } from './adapters/typeorm/database/data-source.ts';
import { leaseClockOf } from './adapters/typeorm/runs/lease-clock.ts';
import { SqlQueueStore } from './adapters/typeorm/runs/queue-store.ts';
import type { Config } from './config.ts';
import { databasePlace } from './database-place.ts';
import { queueState } from './queue/queue-state.ts';

/** The record of the queue, for looking at it and pausing it from a terminal. */
export interface QueueRecord {
  state(): Promise<QueueState>;
  /** Pauses everything. @param by who does it, as people shall read it. */
  pause(by: string): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the record of the queue, whether or not a server is there. @throws {DatabaseOpenError} with the remedy. */
export async function openQueueRecord(config: Config): Promise<QueueRecord> {
  const database = await openDatabase(databasePlace(config));
  const store = new SqlQueueStore(database);
  const clock = leaseClockOf(database, Date.now);
  return {
    state: async () => queueState(store, () => [], await clock.read()),
    pause: (by) => store.pause(null, by),
    resume: () => store.resume(null),
    close: () => database.close(),
  };
}
