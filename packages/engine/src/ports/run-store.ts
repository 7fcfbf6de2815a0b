import {
  type Failure,
  type FileRef,
  type Graph,
  isTerminal,
  type JsonObject,
  type PriceTerms,
  type Run,
  type RunEvent,
  type RunState,
  type Step,
} from '@imaginarium/protocol';
import type { RunFunds, StepCharge } from './run-credits.ts';
import type { QueuedRun } from './run-queue.ts';
import type { DoneCall, ParkedRun } from './run-waits.ts';

/** A run that is asked for. */
export interface NewRun {
  id: string;
  workspaceId: string;
  workflowId: string;
  workflowName: string;
  /** The version that runs; null for the draft. */
  version: number | null;
  /** The graph as it runs, before inputs are applied. */
  graph: Graph;
  inputs: JsonObject;
  trigger: Run['trigger'];
  /** The run whose step started it and waits for its end. */
  parent?: Run['parent'];
  priority: number;
  /** Whole credits, as quoted. */
  creditsQuoted: number;
  /** The prices it was quoted by: what was quoted is set aside with it. Left out: nothing in it can cost anything. */
  terms?: PriceTerms;
  createdBy: string;
  /** The moment before which it does not begin, as ISO 8601 in UTC. Left out: it may begin at once. */
  notBefore?: string;
  /** Steps that are settled before the run begins: taken over, pinned, or not wanted. They are neither executed nor paid. */
  settled?: Step[];
  /** A repeat with the same key and the same request gets the first run; with another request it is refused. */
  idempotency?: Idempotency;
}

/** A run as it is when it has just been accepted, at a moment as ISO 8601. */
export function runOfNew(source: NewRun, createdAt: string): Run {
  const { id, workflowId, workflowName, version, trigger, parent = null, priority, inputs, creditsQuoted } = source;
  return {
    ...{ id, workflowId, workflowName, version, trigger, parent, priority, inputs, creditsQuoted, createdAt },
    notBefore: source.notBefore ?? null,
    ...{ state: 'queued', startedAt: null, finishedAt: null, dismissedAt: null },
    creditsSpent: 0,
    error: null,
    cover: null,
    lastSeq: 0,
  };
}

/** What tells a repeat of a request from a new one. */
export interface Idempotency {
  key: string;
  /** The same for the same request. */
  requestHash: string;
}

/** What a run may spend that has just been accepted. */
export function firstFunds({ terms, creditsQuoted }: Pick<NewRun, 'terms' | 'creditsQuoted'>): RunFunds | null {
  return terms ? { terms, reserved: creditsQuoted, spent: 0 } : null;
}

/** Whether a worker can execute a graph with these node types, each written as `type@version`. */
export type CanExecute = (nodeTypes: readonly string[]) => boolean;

/** The worker that a run is accepted for: it begins at once, without ever waiting in a queue. */
export interface RunStart {
  /** Names the worker in the lease. */
  worker: string;
  leaseMs: number;
}

/** A run that was asked for, as it is stored. */
export interface AcceptedRun {
  run: Run;
  /** False for a repeat with the same idempotency key. */
  created: boolean;
  /** Given to the worker that it was accepted for. */
  lease?: Lease;
}

/**
 * A run that begins while it is still being stored. What it does is written through it: nothing is stored or told of a run that was not
 * accepted, and one that has ended by then is stored with its end, in one transaction.
 */
export interface BegunRun extends RunProgress {
  /** As it is stored, unless it has ended by then. */
  run: Run;
  lease: Lease;
  /** As {@link RunStore.accept} has it. Without a lease the run may not begin after all, or is a repeat: what it came to is forgotten. */
  stored: Promise<AcceptedRun>;
}

/** What a worker needs to execute a run. */
export interface RunRecord {
  run: Run;
  workspaceId: string;
  createdBy: string;
  graph: Graph;
  /** The graph with the run's inputs in it, where that was made and checked a moment ago. */
  applied?: Graph;
  /** Steps recorded so far, by an earlier worker. */
  steps: Step[];
  /** How often in a row the run was taken from a worker that died before it had finished one more step. */
  takeovers: number;
  /** What it waits or waited for, when it ever did. */
  parked?: ParkedRun;
  /** What it may spend; null when nothing in it can cost anything. */
  funds: RunFunds | null;
  /** Calls of its steps that earlier workers wrote down, in the order in which they did. */
  parts?: StepPart[];
}

/** One call of a step that is at work: it was begun, or waits, or has given its result. */
export type StepPart = {
  node: string;
  /** Which turn of a loop the step belongs to; empty outside of loops. */
  iteration: string;
  /** Counted from 0. */
  call: number;
} & ({ state: 'begun' | 'waits' } | ({ state: 'done' } & DoneCall));

/** The right to write down a run's progress. A lease that lapsed is lost: its token no longer writes. */
export interface Lease {
  runId: string;
  token: number;
}

/** Everything that happened since the last checkpoint, stored in one transaction. */
export interface Checkpoint {
  /** Steps that changed, whole. */
  steps: Step[];
  /** Events in order, without a gap to those stored before. */
  events: RunEvent[];
  /** What it waits for from now on, whole; answers that came meanwhile stay. Left out: as before. */
  parked?: ParkedRun | undefined;
  /** What the steps among them cost that have finished. */
  charges?: readonly StepCharge[];
  /** Calls of steps that are at work, to add to those stored before. */
  parts?: StepPart[] | undefined;
}

/** Whether a checkpoint brings its run nearer to its end: the workers that died before are forgiven then. */
export function bringsOn({ steps, parts = [] }: Checkpoint): boolean {
  return steps.some(({ state }) => isTerminal(state)) || parts.some(({ state }) => state === 'done');
}

/** How a run ended. */
export interface RunOutcome {
  state: Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;
  creditsSpent: number;
  error: Failure | null;
  cover: FileRef | null;
}

/** What the holder of a lease writes down of a run. */
export type RunProgress = Pick<RunStore, 'setAside' | 'checkpoint' | 'settle' | 'park' | 'release'>;

/**
 * The record of runs: the one truth about them. A run moves forward only (queued, running, then an end that is final; or waiting, and
 * queued again), and only
 * the holder of the current lease moves it once it is running.
 */
export interface RunStore {
  /**
   * Stores a run as `queued`. When this returns, the run is never lost.
   * @param start stores it as `running` with a lease for that worker, unless it may not begin yet: the workspace is paused, or the run
   * put off. Should the worker die, its lease lapses like any other.
   * @throws {IdempotencyMismatchError} and, before anything is stored, {@link InsufficientCreditsError}
   */
  accept(run: NewRun, start?: RunStart): Promise<AcceptedRun>;
  /**
   * Accepts a run whose worker begins at once, before it is stored: only for one that nothing outside can feel before that. Undefined
   * where the store cannot have it so; then it is accepted as any other.
   */
  begin?(run: NewRun, start: RunStart): BegunRun | undefined;
  /** The run that an earlier request with this key started. @throws {IdempotencyMismatchError} when that asked for something else. */
  findRepeated(workspaceId: string, idempotency: Idempotency): Promise<Run | undefined>;
  /**
   * Takes a queued run whose time has come: it becomes `running`. Undefined when there is nothing to take.
   * @param canExecute leaves a run to another worker that needs node types this one does not have. Left out: it has them all.
   */
  claim(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined>;
  /** Prolongs a lease. False when it is lost. */
  renew(lease: Lease, leaseMs: number): Promise<boolean>;
  /** Lets a run go as it is, so that the next worker takes it at once. One that is not held any more is left alone. */
  release(lease: Lease): Promise<void>;
  /** What a worker needs to execute a run, whatever its state. */
  load(runId: string): Promise<RunRecord | undefined>;
  /** Sets more credits aside for a run whose work costs more than was quoted. @throws {InsufficientCreditsError} {@link LeaseLostError} */
  setAside(lease: Lease, credits: number): Promise<void>;
  /** Stores progress, and charges for it. A step that was charged already is not charged again. @throws {LeaseLostError} */
  checkpoint(lease: Lease, checkpoint: Checkpoint): Promise<void>;
  /** Ends a run, with its last progress and what is left of its credits given back, all in one transaction. @throws {LeaseLostError} */
  settle(lease: Lease, outcome: RunOutcome, checkpoint: Checkpoint): Promise<void>;
  /**
   * Lets a run wait, with its last progress in the same transaction: it is `waiting` and nobody holds it. If it can go on already, or is
   * to be cancelled, it is `queued` again.
   * @returns whether it is queued.
   * @throws {LeaseLostError}
   */
  park(lease: Lease, checkpoint: Checkpoint & { parked: ParkedRun }): Promise<boolean>;
  /** Asks for a run to be cancelled: a queued or waiting one ends at once, a running one when its worker sees it. */
  requestCancel(runId: string): Promise<Run | undefined>;
  /** Whether cancelling was asked for. */
  isCancelRequested(runId: string): Promise<boolean>;
  /**
   * Runs that want a worker and whose time has come, the most urgent first, then those whose lease has lapsed, then the queued ones by
   * age: what a queue that lost them offers again. Where there are more than the limit, each workspace has its share of the list, so
   * that nobody is out of sight behind somebody else's thousands.
   * @param canExecute leaves out those that this worker cannot execute.
   */
  listQueued(limit: number, canExecute?: CanExecute): Promise<QueuedRun[]>;
  /** Queued runs whose time has come since this was asked last: they may be offered now. Each is given once. */
  listDue(limit: number): Promise<QueuedRun[]>;
  /** Running runs whose lease has lapsed, the one that lapsed first before the others. */
  listAbandoned(limit: number): Promise<QueuedRun[]>;
  /** Takes a running run whose lease has lapsed, to go on with it or to end it. Undefined when there is nothing to take. */
  takeOver(runId: string, worker: string, leaseMs: number, canExecute?: CanExecute): Promise<Lease | undefined>;
  /** The time by the clock that leases are judged by, in milliseconds since 1970. Somebody may set it. */
  leaseClock(): Promise<number>;
  /** Events of a run after a number, in order. */
  events(runId: string, after: number): Promise<RunEvent[]>;
  /** The same, with what became of steps in them. */
  news(runId: string, after: number): Promise<RunNews>;
}

/** What happened in a run after an event that somebody knows. */
export interface RunNews {
  events: RunEvent[];
  /** Steps as they were stored last; at least those that were stored with the events. */
  steps: Step[];
}

/** A worker wrote with a lease that somebody else holds now. */
export class LeaseLostError extends Error {
  constructor(runId: string) {
    super(`Another worker has taken run ${runId}.`);
    this.name = 'LeaseLostError';
  }
}

/** An idempotency key came again with another request. */
export class IdempotencyMismatchError extends Error {
  constructor(key: string) {
    super(`The idempotency key "${key}" was used for another request. Use a new key for a new request.`);
    this.name = 'IdempotencyMismatchError';
  }
}
