import type { FailedItem } from '@imaginarium/protocol';
import { isOpen, type Turn, turnAfter } from '../call/call-waits.ts';
import { handleFailure } from '../call/execute-call.ts';
import { StepFailedError, toFailure } from '../call/failure.ts';
import { type CallOutcome, makeCall } from '../call/make-call.ts';
import { mayBePrompt, PromptCalls } from '../call/prompt-calls.ts';
import type { Call } from '../call/step-call.ts';
import type { StepCalls } from '../call/step-calls.ts';
import type { StepContext } from '../call/step-context.ts';
import { StepProgress } from '../call/step-progress.ts';
import { plainText } from '../items/plain-text.ts';
import { inLanes } from '../limits/in-lanes.ts';
import { unknownOutcome } from '../plan/earlier-steps.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { StepParts } from '../plan/step-parts.ts';
import type { NodeResult } from '../ports/node-executor.ts';
import type { DoneCall, ParkedStep } from '../ports/run-waits.ts';
import type { CallMemory } from './call-memory.ts';
import { FAILED_ITEMS_KEPT, failedItemOf } from './failed-item.ts';
import { GatheredStep } from './step-items.ts';
import { type LinkedStop, stopWith } from './stop-with.ts';
import { workOfCalls } from './work-of-calls.ts';

const NONE_KNOWN: DoneCall[] = [];
const FIRST_TURN: Turn = { attempt: 1, resumed: null };

/** What the calls of a step need of it. */
interface CallsContext extends StepContext {
  /** Where results of single calls are kept; left out where they are not. */
  memory?: CallMemory | undefined;
}

/** What the calls of a step came to. */
export interface CallResults {
  /** What they gave. */
  gathered: GatheredStep;
  failed: number;
  /** Items that came to nothing: those of such calls, and those that a call for all items named. */
  itemsFailed: number;
  /** The first of them. */
  failedItems: FailedItem[];
  /** Calls that the fallback made. */
  replaced: number;
  /** Calls that the cache answered. */
  known: number;
  /** Tries of the call that needed most. */
  attempts: number;
}

/**
 * Makes all calls of a step: those that answer at once one after the other, the rest with bounded concurrency. What was made of them before is
 * taken over.
 * @returns a promise, unless all answered at once; a parked step where some wait for something.
 * @throws the error of the first call that failed for good, when the policy stops the run.
 */
export function executeCalls(
  planned: PlannedNode,
  calls: StepCalls,
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
  calls: StepCalls,
  stop: LinkedStop | undefined,
  context: CallsContext,
): CallResults | Promise<CallResults | ParkedStep> {
  const { parked } = context;
  // A single call is the step itself.
  const parts = calls.length > 1 ? context.parts : undefined;
  const known = parts || parked ? [...(parts?.done ?? []), ...(parked?.done ?? [])] : NONE_KNOWN;
  let progress: StepProgress | undefined;
  const progressOf = () => {
    progress ??= progressOfCalls(planned, calls, context);
    return progress;
  };
  const isNew = known.length === 0 && !parked?.waits.length;
  const gathered = new GatheredStep(planned);
  const prompt =
    isNew && mayBePrompt(planned) ? new PromptCalls(planned, calls, gathered, progressOf, context) : undefined;
  const mayGoOn = prompt?.makeSome() ?? false;
  if (prompt?.done === calls.length) return promptResults(gathered);
  const underWay = { stop, parts, known, progress: progressOf(), prompt, gathered, mayGoOn };
  return makeOtherCalls(planned, calls, underWay, context);
}

function progressOfCalls({ node }: PlannedNode, calls: StepCalls, { services, tell }: StepContext): StepProgress {
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
  /** What the prompt calls gave. */
  gathered: GatheredStep;
  /** Whether more of them may be made promptly, after a pause. */
  mayGoOn: boolean;
}

async function makeOtherCalls(
  planned: PlannedNode,
  calls: StepCalls,
  { stop, parts, known: before, progress, prompt, gathered, mayGoOn }: CallsUnderWay,
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
  if (prompt?.done === calls.length) return promptResults(gathered);
  const prompted = gathered.results(prompt?.done ?? 0).map((result, call) => succeeded(call, result));
  let attempts = Math.max(parked?.attempts ?? 0, prompted.length > 0 ? 1 : 0);
  const onAttempt = (count: number) => {
    attempts = Math.max(attempts, count);
  };
  const known = new Map(before.map((done) => [done.call, done]));
  const waits = new Map(parked?.waits.map((wait) => [wait.call, wait]));
  const all = calls.all();
  refuseUnknown(planned, all, parts);
  if (prompted.length > 0) progress.endFirst(prompted.length);
  for (const done of prompted) parts?.finish(done);
  const rest = all.slice(prompted.length);
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
  return resultsOf(planned, all, done, attempts);
}

/** Whether a call did all its work just now. */
function didWork({ became }: Pick<DoneCall, 'became'>): boolean {
  return became === 'succeeded' || became === 'replaced';
}

function firstTurn(begun: Promise<NodeResult> | undefined): Turn {
  return begun ? { ...FIRST_TURN, begun } : FIRST_TURN;
}

function succeeded(call: number, result: NodeResult): DoneCall {
  return { call, result, became: 'succeeded' };
}

/** What all calls of a step came to that answered at once: none of them failed. */
function promptResults(gathered: GatheredStep): CallResults {
  return { gathered, failed: 0, itemsFailed: 0, failedItems: [], replaced: 0, known: 0, attempts: 1 };
}

function resultsOf(
  planned: PlannedNode,
  calls: readonly Call[],
  done: readonly DoneCall[],
  attempts: number,
): CallResults {
  const count = (became: DoneCall['became']) => done.filter((call) => call.became === became).length;
  const failedItems = failedItemsOf(calls, done);
  const gathered = new GatheredStep(planned);
  for (const [index, { result }] of done.entries()) gathered.add(calls[index] as Call, index, result);
  return {
    gathered,
    ...{
      failed: count('failed'),
      itemsFailed: failedItems.length,
      failedItems: failedItems.slice(0, FAILED_ITEMS_KEPT),
    },
    ...{ replaced: count('replaced'), known: count('known'), attempts },
  };
}

function failedItemsOf(calls: readonly Call[], done: readonly DoneCall[]): FailedItem[] {
  return done.flatMap(({ call, failure, failedItems = [] }) =>
    failure ? [failedItemOf(calls[call] as Call, failure)] : failedItems,
  );
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
