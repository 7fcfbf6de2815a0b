import type { FailedItem, Item, PortItems } from '@imaginarium/protocol';
import { isOpen, type Turn, turnAfter } from '../call/call-waits.ts';
import { handleFailure } from '../call/execute-call.ts';
import { StepFailedError, toFailure } from '../call/failure.ts';
import { type CallOutcome, makeCall } from '../call/make-call.ts';
import { mayBePrompt, PromptCalls } from '../call/prompt-calls.ts';
import { type Call, prepareCalls } from '../call/step-call.ts';
import type { StepContext } from '../call/step-context.ts';
import { StepProgress } from '../call/step-progress.ts';
import { plainText } from '../items/plain-text.ts';
import { inLanes } from '../limits/in-lanes.ts';
import { unknownOutcome } from '../plan/earlier-steps.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { StepParts } from '../plan/step-parts.ts';
import type { CachedStep } from '../ports/cached-step.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import type { DoneCall, ParkedStep } from '../ports/run-waits.ts';
import { isCacheable } from './cache-key.ts';
import { type CallMemory, callMemoryOf } from './call-memory.ts';
import { FAILED_ITEMS_KEPT, failedItemOf } from './failed-item.ts';
import { toCachedStep, toItems } from './step-items.ts';
import { stepMemoryOf } from './step-memory.ts';
import { priceOfStep } from './step-price.ts';
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
 * @returns a promise, unless nothing in it takes its time: a light node that answers at once.
 * @throws the error of the first row that failed for good, when the policy stops the run.
 */
export function executeStep(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  context: StepContext,
): StepOutcome | Promise<StepOutcome | ParkedStep> {
  const calls = prepareCalls(planned, inputs, context);
  return calls instanceof Promise
    ? calls.then((prepared) => executePrepared(planned, inputs, prepared, context))
    : executePrepared(planned, inputs, calls, context);
}

/** A step whose calls are ready to be made. */
interface PreparedStep {
  planned: PlannedNode;
  inputs: Record<string, Item[]>;
  calls: Call[];
  /** Its exact price in hundredths of a credit. */
  price: number;
}

function executePrepared(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  calls: Call[],
  context: StepContext,
): StepOutcome | Promise<StepOutcome | ParkedStep> {
  const { registered, node } = planned;
  const price = priceOfStep(registered.definition, calls, countItems(inputs), context.terms);
  const mayKeep = isCacheable(registered, node.policy) && calls.every((call) => call.refusal === undefined);
  const step = { planned, inputs, calls, price };
  if (mayKeep || (context.charged && price > 0)) return executeKnownOrPaid(step, mayKeep, context);
  const made = executeCalls(planned, calls, context);
  if (made instanceof Promise) return made.then((came) => ('waits' in came ? came : outcomeOf(step, came, context)));
  return outcomeOf(step, made, context);
}

/** Executes a step whose results may be known already, or that has to be paid first. */
async function executeKnownOrPaid(
  prepared: PreparedStep,
  mayKeep: boolean,
  context: StepContext,
): Promise<StepOutcome | ParkedStep> {
  const { planned, inputs, calls, price } = prepared;
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
  const step = toCachedStep(planned, calls, made.results);
  if (made.failed === 0 && made.replaced === 0) await miss?.keep(step);
  await memory?.settle();
  return outcomeOf(prepared, made, context, { step, why: miss?.reason });
}

function outcomeOf(
  { planned, inputs, calls, price }: PreparedStep,
  { results, failed, failedItems, known, attempts }: CallResults,
  { iteration }: StepContext,
  { step = toCachedStep(planned, calls, results), why }: { step?: CachedStep; why?: string | undefined } = {},
): StepOutcome {
  return {
    outputs: toItems(planned, calls, inputs, step, iteration),
    cached: known > 0 && known === calls.length,
    price: Math.round((price * (calls.length - failed - known)) / calls.length),
    attempts,
    itemsFailed: failed,
    ...(failedItems.length > 0 ? { failedItems } : {}),
    reason: reasonOf(why ?? whyNotKept(planned), known, calls.length),
  };
}

/** Why it was executed, and how much of it was not. */
function reasonOf(why: string | null, known: number, calls: number): string | null {
  if (known === 0) return why;
  return [why, `${known} of ${calls} items are kept from before.`].filter(Boolean).join(' ');
}

/** What the calls of a step need of it. */
interface CallsContext extends StepContext {
  /** Where results of single calls are kept; left out where they are not. */
  memory?: CallMemory | undefined;
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

function executeCalls(
  planned: PlannedNode,
  calls: Call[],
  context: CallsContext,
): CallResults | Promise<CallResults | ParkedStep> {
  // A single call has no others to stop.
  if (calls.length <= 1) return makeCalls(planned, calls, undefined, context);
  const stop = stopWith(context.signal);
  const made = makeCalls(planned, calls, stop, { ...context, signal: stop.signal });
  if (made instanceof Promise) return made.finally(() => stop.letGo());
  stop.letGo();
  return made;
}

/** @param stop ends all calls, when there are several. */
function makeCalls(
  planned: PlannedNode,
  calls: Call[],
  stop: LinkedStop | undefined,
  context: CallsContext,
): CallResults | Promise<CallResults | ParkedStep> {
  const { parked } = context;
  // A single call is the step itself.
  const parts = calls.length > 1 ? context.parts : undefined;
  const known = [...(parts?.done ?? []), ...(parked?.done ?? [])];
  let progress: StepProgress | undefined;
  const progressOf = () => {
    progress ??= progressOfCalls(planned, calls, context);
    return progress;
  };
  const isNew = known.length === 0 && !parked?.waits.length;
  const prompt = isNew && mayBePrompt(planned) ? new PromptCalls(planned, calls, progressOf, context) : undefined;
  const mayGoOn = prompt?.makeSome() ?? false;
  if (prompt?.done.length === calls.length) return promptResults(prompt.done);
  return makeOtherCalls(planned, calls, { stop, parts, known, progress: progressOf(), prompt, mayGoOn }, context);
}

function progressOfCalls({ node }: PlannedNode, calls: Call[], { services, tell }: StepContext): StepProgress {
  return new StepProgress({
    calls: calls.length,
    works: () => workOfCalls(calls),
    now: () => services.clock.now(),
    tell: ({ message, ...news }) =>
      tell({
        ...{ type: 'step.progress', node: node.id, ...news },
        ...(message === undefined ? {} : { message: plainText(message, 500) }),
      }),
  });
}

/** What is known when some calls of a step turn out to take their time. */
interface CallsUnderWay {
  stop: LinkedStop | undefined;
  parts: StepParts | undefined;
  /** What was made of them before. */
  known: DoneCall[];
  progress: StepProgress;
  prompt: PromptCalls | undefined;
  /** Whether more of them may be made promptly, after a pause. */
  mayGoOn: boolean;
}

async function makeOtherCalls(
  planned: PlannedNode,
  calls: Call[],
  { stop, parts, known: before, progress, prompt, mayGoOn }: CallsUnderWay,
  context: CallsContext,
): Promise<CallResults | ParkedStep> {
  const { node } = planned;
  const { services, limiter, parked, signal, memory } = context;
  while (mayGoOn && prompt) {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) prompt.stop();
    signal.throwIfAborted();
    mayGoOn = prompt.makeSome();
  }
  const prompted = prompt?.done ?? [];
  if (prompted.length === calls.length) return promptResults(prompted);
  let attempts = Math.max(parked?.attempts ?? 0, prompted.length > 0 ? 1 : 0);
  const onAttempt = (count: number) => {
    attempts = Math.max(attempts, count);
  };
  const known = new Map(before.map((done) => [done.call, done]));
  const waits = new Map(parked?.waits.map((wait) => [wait.call, wait]));
  refuseUnknown(planned, calls, parts);
  if (prompted.length > 0) progress.endFirst(prompted.length);
  for (const done of prompted) parts?.finish(done);
  const rest = calls.slice(prompted.length);
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
    const turn = wait ? await turnAfter(wait, context) : call === next ? firstTurn(prompt?.begun) : FIRST_TURN;
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
  const outcomes: CallOutcome[] = [...prompted, ...later];
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

/** What all calls of a step came to that answered at once: none of them failed. */
function promptResults(done: readonly DoneCall[]): CallResults {
  const none = { failed: 0, failedItems: [], replaced: 0, known: 0 };
  return { results: done.map(({ result }) => result), ...none, attempts: 1 };
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
