import { z } from 'zod';
import { nodePackageSchema } from './node-description.ts';

const moment = z.iso.datetime();

/** What a pool of heavy work holds in one worker. */
export const poolLoadSchema = z.strictObject({
  pool: z.string(),
  /** Items at work in it. */
  running: z.int().min(0),
  /** Items that wait for a place or for memory. */
  waiting: z.int().min(0),
  /** Memory that is set aside for those at work, in megabytes. */
  memoryMb: z.int().min(0),
});
export type PoolLoad = z.infer<typeof poolLoadSchema>;

/** A process that executes runs, as it last told of itself. */
export const workerSchema = z.strictObject({
  id: z.string(),
  host: z.string(),
  /** The version of Imaginarium that it runs. */
  version: z.string(),
  startedAt: moment,
  seenAt: moment,
  /** Runs it executes at the same time. */
  concurrency: z.int().min(1),
  running: z.int().min(0),
  /** The node packages it has; each type is written as `type@version`. */
  packages: z.array(nodePackageSchema.pick({ name: true, version: true, types: true })),
  pools: z.array(poolLoadSchema),
});
export type WorkerState = z.infer<typeof workerSchema>;
