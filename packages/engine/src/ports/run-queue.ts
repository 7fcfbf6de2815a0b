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
}

/** Executes a run. Resolves to false when there was nothing to take: another worker has the run, or it has ended. */
export type RunHandler = (runId: string) => Promise<boolean>;

/**
 * Brings runs to workers. It is a hint, never the record: what it loses is offered again from the run store, and what it brings
 * twice the run store's lease turns away.
 */
export interface RunQueue {
  offer(run: QueuedRun): Promise<void>;
  /** Calls the handler for each run, by priority, then by age. A handler that throws does not stop the others. */
  consume(handler: RunHandler, options: ConsumeOptions): Promise<QueueConsumer>;
}

export interface QueueConsumer {
  /** Takes nothing new, and resolves when the handlers in flight have ended. */
  stop(): Promise<void>;
}
