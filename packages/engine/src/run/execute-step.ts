import type { FailedItem, Item, PortItems } from '@imaginarium/protocol';
import type { NodeResult } from '../ports/node-executor.ts';
import type { DoneCall, ParkedStep } from '../ports/run-waits.ts';
import { isCacheable } from './cache-key.ts';
import { type CallMemory, callMemoryOf } from './call-memory.ts';
import { isOpen, type Turn, turnAfter } from './call-waits.ts';
import { unknownOutcome } from './earlier-steps.ts';
import { handleFailure } from './execute-call.ts';
import { FAILED_ITEMS_KEPT, failedItemOf } from './failed-item.ts';
import { StepFailedError, toFailure } from './failure.ts';
import { inLanes } from './in-lanes.ts';
import { type CallOutcome, makeCall } from './make-call.ts';
import { plainText } from './plain-text.ts';
import type { PlannedNode } from './plan.ts';
import { makePromptCalls, mayBePrompt, type PromptCalls } from './prompt-calls.ts';
import { type Call, prepareCalls } from './step-call.ts';
import type { StepContext } from './step-context.ts';
import { toCachedStep, toItems } from './step-items.ts';
import { stepMemoryOf } from './step-memory.ts';
import type { StepParts } from './step-parts.ts';
import { priceOfStep } from './step-price.ts';
import { StepProgress } from './step-progress.ts';
import { type LinkedStop, stopWith } from './stop-with.ts';
import { whyNotKept } from './why-again.ts';
import { workOfCalls } from './work-of-calls.ts';

const FIRST_TURN: Turn = { attempt: 1, resumed: null };

/** What a step came to. */
export interface StepOutcome {
  outputs: PortItems;
  cached: boolean;
  /** Its exact price in hundredths of a credit. */
  price: number;
  /** Tries of the item that needed most. */
  attempts: number;
  /** Items left out or sent to the error port. */
  itemsFailed: number;
  /** Which they were and why; left out where there were none. */
  failedItems?: FailedItem[];
  /** Why it was executed though its results are kept, or why it was not. */
  reason: string | null;
}

/**
 * Executes one node over the items that reached it: rows are paired, looked up in the cache, executed with bounded concurrency, retried as the
 * policy says, and their results become items. Where rows wait for something, it tells what for, and with which results it goes on then.
 * @throws the error of the first row that failed for good, when the policy stops the run.
 */
export async function executeStep(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  context: StepContext,
): Promise<StepOutcome | ParkedStep> {
  const { registered, node } = planned;
  const calls = await prepareCalls(planned, inputs, context);
  const price = priceOfStep(registered.definition, calls, countItems(inputs), context.terms);
  const mayKeep = isCacheable(registered, node.policy) && calls.every((call) => call.refusal === undefined);
  const cache = mayKeep ? await stepMemoryOf(planned, calls, inputs, context) : undefined;
  const recalled = await cache?.recall();
  if (recalled) {
    const reason = 'Nothing it depends on has changed since it was last executed.';
    const outputs = toItems(planned, calls, inputs, recalled, context.iteration);
    return { outputs, cached: true, price: 0, attempts: 0, itemsFailed: 0, reason };
  }
  await context.afford(price);
  const miss = await cache?.miss();
  // What somebody pays for is kept once it is paid: a batch that is cancelled costs nothing, and would be there for nothing the next time.
  const memory = cache && callMemoryOf(planned, calls, context, context.charged && price > 0 ? 'at-end' : 'at-once');
  const made = await executeCalls(planned, calls, { ...context, memory });
  if ('waits' in made) return made;
  const { results, failed, failedItems, replaced, known, attempts } = made;
  const step = toCachedStep(planned, calls, results);
  if (failed === 0 && replaced === 0) await miss?.keep(step);
  await memory?.settle();
  return {
    outputs: toItems(planned, calls, inputs, step, context.iteration),
    cached: known === calls.length,
    price: Math.round((price * (calls.length - failed - known)) / calls.length),
    attempts,
    itemsFailed: failed,
    ...(failedItems.length > 0 ? { failedItems } : {}),
    reason: reasonOf(miss?.reason ?? whyNotKept(planned), known, calls.length),
  };
}

/** Why it was executed, and how much of it was not. */
function reasonOf(why: string | null, known: number, calls: number): string | null {
  if (known === 0) return why;
  return [why, `${known} of ${calls} items are kept from before.`].filter(Boolean).join(' ');
}

/** What the calls of a step need of it. */
interface CallsContext extends StepContext {
  /** Where results of single calls are kept; undefined where they are not. */
  memory: CallMemory | undefined;
}

interface CallResults {
  results: NodeResult[];
  failed: number;
  failedItems: FailedItem[];
  /** Calls that the fallback made. */
  replaced: number;
  /** Calls that the cache answered. */
  known: number;
  /** Tries of the call that needed most. */
  attempts: number;
}

async function executeCalls(
  planned: PlannedNode,
  calls: Call[],
  context: CallsContext,
): Promise<CallResults | ParkedStep> {
  // A single call has no others to stop.
  const stop = calls.length > 1 ? stopWith(context.signal) : undefined;
  try {
    return await makeCalls(planned, calls, stop, { ...context, signal: stop?.signal ?? context.signal });
  } finally {
    stop?.letGo();
  }
}

/** @param stop ends all calls, when there are several. */
async function makeCalls(
  planned: PlannedNode,
  calls: Call[],
  stop: LinkedStop | undefined,
  context: CallsContext,
): Promise<CallResults | ParkedStep> {
  const { node } = planned;
  const { services, limiter, tell, parked, signal, memory } = context;
  // A single call is the step itself.
  const parts = calls.length > 1 ? context.parts : undefined;
  let attempts = parked?.attempts ?? 0;
  const onAttempt = (count: number) => {
    attempts = Math.max(attempts, count);
  };
  const progress = new StepProgress({
    calls: calls.length,
    works: () => workOfCalls(calls),
    now: () => services.clock.now(),
    tell: ({ message, ...news }) =>
      tell({
        ...{ type: 'step.progress', node: node.id, ...news },
        ...(message === undefined ? {} : { message: plainText(message, 500) }),
      }),
  });
  const known = new Map([...(parts?.done ?? []), ...(parked?.done ?? [])].map((done) => [done.call, done]));
  const waits = new Map(parked?.waits.map((wait) => [wait.call, wait]));
  refuseUnknown(planned, calls, parts);
  const isNew = known.size === 0 && waits.size === 0;
  const prompt: PromptCalls =
    isNew && mayBePrompt(planned) ? await makePromptCalls(planned, calls, progress, context) : { done: [] };
  if (prompt.done.length > 0) onAttempt(1);
  if (prompt.done.length === calls.length) return resultsOf(calls, prompt.done, attempts);
  if (prompt.done.length > 0) progress.endFirst(prompt.done.length);
  for (const done of prompt.done) parts?.finish(done);
  const rest = calls.slice(prompt.done.length);
  const [next] = rest;
  const make = async (call: Call): Promise<CallOutcome> => {
    const done = known.get(call.index);
    if (done) return done;
    const wait = waits.get(call.index);
    if (wait && isOpen(wait, services.clock.now())) return { wait };
    const kept = await memory?.recall(call);
    if (kept) {
      const outcome = { result: kept, became: 'known' } as const;
      parts?.finish({ ...outcome, call: call.index });
      return outcome;
    }
    const report = (share: number, message?: string) => progress.report(call.index, share, message);
    if (parts?.isUnknown(call.index)) return handleFailure(planned, call, unknownCall(planned, call), report, context);
    const turn = wait ? await turnAfter(wait, context) : call === next ? firstTurn(prompt.begun) : FIRST_TURN;
    await parts?.begin(call.index);
    const onTry = (count: number) => {
      progress.begin(call.index);
      onAttempt(count);
    };
    const outcome = await makeCall(planned, call, turn, { report, onAttempt: onTry }, context);
    if ('wait' in outcome) {
      progress.rest(call.index);
      parts?.rest(call.index);
      return outcome;
    }
    parts?.finish({ ...outcome, call: call.index });
    if (outcome.became === 'succeeded') await memory?.noteMade(call, outcome.result);
    return outcome;
  };
  const later = await inLanes(rest, async (call) => {
    try {
      const outcome = await limiter.run(() => make(call));
      if (calls.length > 1 && 'result' in outcome) progress.end(call.index, !known.has(call.index) && didWork(outcome));
      return outcome;
    } catch (error) {
      if (stop && !signal.aborted) context.onItemFailed(failedItemOf(call, toFailure(error)));
      // The step has failed: what is left of it would be thrown away.
      stop?.abort(error);
      throw stop ? stop.signal.reason : error;
    }
  });
  const outcomes: CallOutcome[] = [...prompt.done, ...later];
  const done = outcomes.flatMap((outcome, call): DoneCall[] => ('wait' in outcome ? [] : [{ ...outcome, call }]));
  if (done.length < outcomes.length) {
    const open = outcomes.flatMap((outcome) => ('wait' in outcome ? [outcome.wait] : []));
    return { node: node.id, iteration: context.iteration, attempts, done, waits: open };
  }
  return resultsOf(calls, done, attempts);
}

/** Whether a call did all its work just now. */
function didWork({ became }: Pick<DoneCall, 'became'>): boolean {
  return became === 'succeeded' || became === 'replaced';
}

function firstTurn(begun: Promise<NodeResult> | undefined): Turn {
  return begun ? { ...FIRST_TURN, begun } : FIRST_TURN;
}

function resultsOf(calls: readonly Call[], done: readonly DoneCall[], attempts: number): CallResults {
  const count = (became: DoneCall['became']) => done.filter((call) => call.became === became).length;
  return {
    results: done.map(({ result }) => result),
    ...{ failed: count('failed'), failedItems: failedItemsOf(calls, done) },
    ...{ replaced: count('replaced'), known: count('known'), attempts },
  };
}

function failedItemsOf(calls: readonly Call[], done: readonly DoneCall[]): FailedItem[] {
  const failed = done.flatMap(({ call, failure }) => (failure ? [failedItemOf(calls[call] as Call, failure)] : []));
  return failed.slice(0, FAILED_ITEMS_KEPT);
}

/** Where one call in doubt stops the run, it does so before others are made. */
function refuseUnknown(planned: PlannedNode, calls: readonly Call[], parts: StepParts | undefined): void {
  if ((planned.node.policy?.onError ?? 'stop') !== 'stop') return;
  const unknown = calls.find((call) => parts?.isUnknown(call.index));
  if (unknown) throw unknownCall(planned, unknown);
}

function unknownCall(planned: PlannedNode, { index }: Call): StepFailedError {
  return new StepFailedError(unknownOutcome(planned, index + 1));
}

function countItems(inputs: Record<string, Item[]>): number {
  const counts = Object.values(inputs).map((items) => items.length);
  return counts.length === 0 ? 1 : Math.max(...counts);
}
