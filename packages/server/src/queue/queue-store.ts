import type { WorkerState } from '@imaginarium/protocol';

/** A pause of the whole installation, or of one workspace. While it lasts, no run begins there; those that have begun go on. */
export interface Pause {
  /** Null for the whole installation. */
  workspaceId: string | null;
  /** ISO 8601 in UTC. */
  pausedAt: string;
  /** The name of the person who paused it. */
  pausedBy: string;
}

/** The runs of one workspace that have not ended. */
export interface WorkspaceLoad {
  workspaceId: string;
  name: string;
  /** Runs that want a worker. */
  queued: number;
  /** Runs whose time has not come. */
  delayed: number;
  running: number;
  /** Runs that wait for a person, a moment or a call. */
  waiting: number;
  /** Since when the oldest of `queued` could have begun, ISO 8601 in UTC; null when there is none. */
  oldestAt: string | null;
}

/** What is known of the queue beside its runs: pauses, loads and the workers that are there. The record of all servers and workers. */
export interface QueueStore {
  pauses(): Promise<Pause[]>;
  /** Pauses a workspace, or with null everything. One that is paused stays as it is. */
  pause(workspaceId: string | null, by: string): Promise<void>;
  /** Ends a pause. One that is none is left alone. */
  resume(workspaceId: string | null): Promise<void>;
  /** Workspaces with runs that have not ended. */
  loads(): Promise<WorkspaceLoad[]>;
  /** The graphs of queued runs that want a worker, of the first ones of each workspace, each with how many want it. */
  wantedTypes(limit: number): Promise<{ nodeTypes: readonly string[]; runs: number }[]>;
  /** Notes that a worker is there, and how it does. */
  announce(worker: WorkerState): Promise<void>;
  /** Notes that a worker has stopped. */
  leave(workerId: string): Promise<void>;
  /** Workers that told of themselves in the last days, the one that told last before the others. Those that stopped in order are gone. */
  workers(): Promise<WorkerState[]>;
}
