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

/** Who paused something, and when; null when it is not paused. */
const pauseSchema = z.strictObject({ at: moment, by: z.string() }).nullable();

/** The runs of one workspace that have not ended. */
export const workspaceLoadSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** Runs that want a worker. */
  queued: z.int().min(0),
  /** Runs whose time has not come. */
  delayed: z.int().min(0),
  running: z.int().min(0),
  /** Runs that wait for a person, a moment or a call. */
  waiting: z.int().min(0),
  /** Since when the oldest of `queued` could have begun. */
  oldestAt: moment.nullable(),
  paused: pauseSchema,
});
export type WorkspaceQueue = z.infer<typeof workspaceLoadSchema>;

/** What waits, what executes it, and what keeps it from being executed. */
export const queueStateSchema = z.strictObject({
  /** Whether the whole installation is paused. */
  paused: pauseSchema,
  workspaces: z.array(workspaceLoadSchema),
  /** Workers that were heard of in the last seconds. */
  workers: z.array(workerSchema),
  /** Node types that queued runs need and no worker has that is there. */
  missing: z.array(
    z.strictObject({
      /** Each as `type@version`. */
      nodeTypes: z.array(z.string()),
      /** The packages that bring them, as far as they are known. */
      packages: z.array(z.string()),
      /** Runs that wait for them, counted among the first in the queue. */
      runs: z.int().min(1),
    }),
  ),
});
export type QueueState = z.infer<typeof queueStateSchema>;

/** Why a queued run has not begun. */
export const waitsForSchema = z.strictObject({
  /**
   * `time`: its time has not come; `resume`: the queue is paused; `worker`: none is there; `node-types`: none that is there has what it
   * needs; `turn`: others go first.
   */
  code: z.enum(['time', 'resume', 'worker', 'node-types', 'turn']),
  message: z.string(),
});
export type WaitsFor = z.infer<typeof waitsForSchema>;
