import { randomUUID } from 'node:crypto';
import { NonRetryableError, type Resumed, type WaitRequest } from '@imaginarium/node-sdk';
import type { WaitAbout } from '@imaginarium/protocol';
import { plainText } from '../items/plain-text.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import type { ParkedStep, RunWait } from '../ports/run-waits.ts';
import type { StepContext } from './step-context.ts';

/** Waits up to this are slept through: storing them would cost more than holding the worker. */
export const SHORT_WAIT_MS = 5000;
/** Retries that are further away than this are waited for without a worker. */
export const LONG_RETRY_MS = 60_000;

/** The next try of a call, as far away as its policy or a service asks for. */
interface RetryRequest {
  kind: 'retry';
  afterMs: number;
  attempt: number;
  message: string;
}

/** Thrown to end a call's turn wherever it stands: it failed in nothing, and waits. */
export class CallWaitsError extends Error {
  readonly request: WaitRequest | RetryRequest;

  constructor(request: WaitRequest | RetryRequest) {
    super('Only nodes without a pool of their own can wait.');
    this.name = 'CallWaitsError';
    this.request = request;
  }
}

/** What a call goes on with. */
export interface Turn {
  /** Which try comes next, counted from 1. */
  attempt: number;
  /** What the node waited for, when it did. */
  resumed: Resumed | null;
  /** The first try, when it is under way already. */
  begun?: Promise<NodeResult>;
}

/** What a call goes on with after it waited. */
export async function turnAfter(wait: RunWait, { services }: Pick<StepContext, 'services'>): Promise<Turn> {
  const { about, answer, before } = wait;
  if (about.kind === 'retry') return { attempt: about.attempt, resumed: before };
  if (about.kind === 'run')
    return { attempt: 1, resumed: { timeIsUp: false, value: await services.children.answerOf(about.runId) } };
  return { attempt: 1, resumed: answer ?? { timeIsUp: true, value: null } };
}

/** Whether a wait has neither been answered nor is its time up. */
export function isOpen({ answer, dueAt }: RunWait, now: number): boolean {
  return answer === null && (dueAt === null || Date.parse(dueAt) > now);
}

/** Whether nothing has come yet that a parked step could go on with. */
export function stillWaits({ waits }: ParkedStep, now: number): boolean {
  return waits.some((wait) => isOpen(wait, now));
}

/**
 * Begins what a call asks to wait for: a run that it waits for is started here.
 * @throws {NonRetryableError} for an end that is none, and what starting a run throws.
 */
export async function beginWait(
  { request }: CallWaitsError,
  call: { node: string; index: number; resumed: Resumed | null },
  context: StepContext,
): Promise<RunWait> {
  const now = context.services.clock.now();
  const dueAt = dueAtOf(request, now);
  return {
    id: randomUUID(),
    call: call.index,
    about: await aboutOf(request, call, context),
    since: new Date(now).toISOString(),
    dueAt,
    answer: null,
    before: call.resumed,
  };
}

/** The latest moment that a date can be, in milliseconds since 1970. */
const LATEST_MS = 8.64e15;

/** When a wait is over by itself; null when it is not. @throws {NonRetryableError} for an end that is none. */
function dueAtOf(request: CallWaitsError['request'], now: number): string | null {
  if ('afterMs' in request && request.afterMs !== undefined) {
    const { afterMs } = request;
    if (!(afterMs >= 0 && now + afterMs <= LATEST_MS))
      throw new NonRetryableError(`A node waits for 0 milliseconds or more; received ${afterMs}.`);
    return new Date(now + afterMs).toISOString();
  }
  if (!('until' in request) || request.until === undefined) return null;
  const { until } = request;
  if (Number.isFinite(Date.parse(until))) return new Date(until).toISOString();
  throw new NonRetryableError(`A node waits until a moment such as 2026-03-01T09:00:00.000Z; received "${until}".`);
}

async function aboutOf(
  request: CallWaitsError['request'],
  { node, index }: { node: string; index: number },
  { services, scope, run, iteration, onChild }: StepContext,
): Promise<WaitAbout> {
  switch (request.kind) {
    case 'time':
    case 'callback':
      return { kind: request.kind };
    case 'approval': {
      const { message, role, pictures, items } = request;
      return { kind: 'approval', message: plainText(message, 4000), role, pictures, items };
    }
    case 'retry': {
      const { attempt, message } = request;
      return { kind: 'retry', attempt, message };
    }
    case 'run': {
      const { workflowId, version, inputs } = request;
      const place = { run, workspaceId: scope.workspaceId, node, iteration, call: index };
      const child = await services.children.start(place, { workflowId, version, inputs });
      onChild(child.id);
      return { kind: 'run', runId: child.id, workflowName: child.workflowName, version };
    }
  }
}
