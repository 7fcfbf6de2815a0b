import type { Resumed } from '@imaginarium/node-sdk';
import type { FailedItem, Failure, JsonObject, Run, WaitAbout } from '@imaginarium/protocol';
import type { NodeResult } from './node-executor.ts';
import type { QueuedRun } from './run-queue.ts';

/** What one call of a step waits for, and what came. */
export interface RunWait {
  id: string;
  /** Which call of the step, counted from 0. */
  call: number;
  about: WaitAbout;
  since: string;
  /** When it is over, whatever comes; null when there is no end to it. */
  dueAt: string | null;
  /** What came; null while nothing has. */
  answer: Resumed | null;
  /** What an earlier wait of the same call brought, for a call that is tried again later; null when there was none. */
  before: Resumed | null;
}

/** A call of a step that gave its result while others still wait: it is not made again. */
export interface DoneCall {
  call: number;
  result: NodeResult;
  /** `known`: nothing was done, for the cache had it. */
  became: 'succeeded' | 'failed' | 'replaced' | 'known';
  /** Why it failed, where it did. */
  failure?: Failure;
  /** Of a call for all items: those that came to nothing while others did not. */
  failedItems?: FailedItem[];
}

/** A step that waits, with all that is needed to go on with it. */
export interface ParkedStep {
  node: string;
  /** Which turn of a loop it belongs to; empty outside of loops. */
  iteration: string;
  /** Tries so far of the call that needed most. */
  attempts: number;
  done: DoneCall[];
  waits: RunWait[];
}

/** What a run waits for, and what it needs to go on. */
export interface ParkedRun {
  /** Whether nothing else of it can go on: no worker holds it. */
  resting: boolean;
  /** Milliseconds it was at work until it rested last. */
  workedMs: number;
  steps: ParkedStep[];
}

/** A wait, and where it belongs. */
export interface OpenWait {
  runId: string;
  workspaceId: string;
  node: string;
  wait: RunWait;
}

/** What became of an answer. */
export type Answered =
  /** It is over already: it was answered, its time was up, or its run has ended. */
  | { taken: false }
  /** Stored. `queued` is its run, when it goes on with that: it is queued and has to be offered. */
  | { taken: true; queued: QueuedRun | null };

/** The side of the run store on which waits are answered. No lease is needed: a run that rests belongs to nobody. */
export interface RunWaits {
  /**
   * Stores what came, once: of two answers, one is taken. In the same transaction a run that rests is queued again, unless the
   * step still waits for something else.
   */
  answer(waitId: string, answer: Resumed): Promise<Answered>;
  /** Open waits whose time is up, those that are due longest first. */
  listDue(limit: number): Promise<OpenWait[]>;
  /** Open waits for runs that have ended. */
  listEnded(limit: number): Promise<OpenWait[]>;
  /** An open wait. Undefined when there is none, or it is over. */
  find(waitId: string): Promise<OpenWait | undefined>;
  /** The open wait for a run, when one is there. */
  findParent(runId: string): Promise<OpenWait | undefined>;
  /** The runs that a run waits for. */
  listChildren(runId: string): Promise<string[]>;
  /** Runs that have not ended though the run that started them has, but for those that were asked to. */
  listOrphans(limit: number): Promise<string[]>;
}

/** Runs that are started by steps of other runs. */
export interface ChildRuns {
  /**
   * Starts a run of a workflow's version. However often the same call of the same step asks, it starts one.
   * @throws {NonRetryableError} when it is refused: no such version, a workflow that would start itself, too deep, inputs that do not fit.
   */
  start(parent: ChildOf, asked: { workflowId: string; version: number; inputs: JsonObject }): Promise<Run>;
  /** What an ended run came to, for the node that waited for it; null when there is no such run. */
  answerOf(runId: string): Promise<Resumed['value']>;
  /** Asks for it to end. */
  cancel(runId: string): Promise<void>;
}

/** The call of a step that starts a run. */
export interface ChildOf {
  run: Run;
  workspaceId: string;
  node: string;
  iteration: string;
  call: number;
}

/** Whether a run that rests can go on: one of its steps has all that it waits for. */
export function canGoOn({ steps }: Pick<ParkedRun, 'steps'>, now: number): boolean {
  const isOpen = ({ answer, dueAt }: RunWait) => answer === null && (dueAt === null || Date.parse(dueAt) > now);
  return steps.some(({ waits }) => waits.length > 0 && !waits.some(isOpen));
}
