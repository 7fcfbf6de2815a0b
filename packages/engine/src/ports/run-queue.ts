import type { BegunRun, Lease, RunRecord, RunStart } from './run-store.ts';

/** What a queue carries: ids and an order, never data. */
export interface QueuedRun {
  runId: string;
  workspaceId: string;
  /** Higher goes first. */
  priority: number;
  /** It was taken before, and its worker let it go or died: what the queue still holds of that says nothing any more. */
  again?: true;
}

export interface ConsumeOptions {
  /** Runs handled at the same time. */
  concurrency: number;
  /** The worker that handles them, as leases name it: runs may be accepted for it. Left out: it only takes what is queued. */
  start?: RunStart;
}

/** A run that was accepted for a worker, which has its lease already. */
export interface StartedRun {
  record: RunRecord;
  lease: Lease;
  /** Where it begins before it is stored. */
  begun?: BegunRun;
}

/**
 * Executes a run. Resolves to false when there was nothing to take: another worker has the run, or it has ended.
 * @param started spares taking the run from the store.
 */
export type RunHandler = (runId: string, started?: StartedRun) => Promise<boolean>;

/** A place at a worker of this process that is kept for a run about to be accepted. It is either taken or left. */
export interface KeptPlace extends RunStart {
  /** The run goes to work there. */
  take(run: StartedRun): void;
  /** The place is for others again. */
  leave(): void;
}

/**
 * Brings runs to workers. It is a hint, never the record: what it loses is offered again from the run store, and what it brings
 * twice the run store's lease turns away.
 */
export interface RunQueue {
  offer(run: QueuedRun): Promise<void>;
  /**
   * Keeps a place for a run that is about to be accepted, so that it begins without waiting here. Undefined when none is free, when runs
   * wait that were there before it, where its workspace is paused, and in queues whose workers may be in other processes.
   */
  keepPlace?(workspaceId: string): KeptPlace | undefined;
  /** Calls the handler for each run, by priority, then by age. A handler that throws does not stop the others. */
  consume(handler: RunHandler, options: ConsumeOptions): Promise<QueueConsumer>;
}

export interface QueueConsumer {
  /** Takes nothing new, and resolves when the handlers in flight have ended. */
  stop(): Promise<void>;
}
