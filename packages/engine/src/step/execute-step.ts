import type { FailedItem, Item, PortItems } from '@imaginarium/protocol';
import { prepareCalls, type StepCalls } from '../call/step-calls.ts';
import type { StepContext } from '../call/step-context.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { ParkedStep } from '../ports/run-waits.ts';
import { isCacheable } from './cache-key.ts';
import { callMemoryOf } from './call-memory.ts';
import { type CallResults, executeCalls } from './execute-calls.ts';
import { toItems } from './step-items.ts';
import { stepMemoryOf } from './step-memory.ts';
import { isFree, priceOfStep } from './step-price.ts';
import { whyNotKept } from './why-again.ts';

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
  calls: StepCalls;
  /** Its exact price in hundredths of a credit. */
  price: number;
}

function executePrepared(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  calls: StepCalls,
  context: StepContext,
): StepOutcome | Promise<StepOutcome | ParkedStep> {
  const { registered, node } = planned;
  const { terms } = context;
  const price = isFree(registered.definition, terms)
    ? 0
    : priceOfStep(registered.definition, calls.all(), countItems(inputs), terms);
  const mayKeep = isCacheable(registered, node.policy) && calls.all().every((call) => call.refusal === undefined);
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
  const cache = mayKeep ? await stepMemoryOf(planned, calls.all(), inputs, context) : undefined;
  const recalled = await cache?.recall();
  if (recalled) {
    const reason = 'Nothing it depends on has changed since it was last executed.';
    const outputs = toItems(planned, calls, inputs, recalled, context.iteration);
    return { outputs, cached: true, price: 0, attempts: 0, itemsFailed: 0, reason };
  }
  await context.afford(price);
  const miss = await cache?.miss();
  // What somebody pays for is kept once it is paid: a batch that is cancelled costs nothing, and would be there for nothing the next time.
  const memory =
    cache && callMemoryOf(planned, calls.all(), context, context.charged && price > 0 ? 'at-end' : 'at-once');
  const made = await executeCalls(planned, calls, { ...context, memory });
  if ('waits' in made) return made;
  if (made.itemsFailed === 0 && made.replaced === 0) await miss?.keep(made.gathered);
  await memory?.settle();
  return outcomeOf(prepared, made, context, miss?.reason);
}

function outcomeOf(
  { planned, inputs, calls, price }: PreparedStep,
  { gathered, failed, itemsFailed, failedItems, known, attempts }: CallResults,
  { iteration }: StepContext,
  why?: string,
): StepOutcome {
  // Of a call for all items, only what came to something is paid, as of calls for one.
  const paidShare = itemsFailed > failed ? Math.max(0, 1 - itemsFailed / countItems(inputs)) : 1;
  const outcome: StepOutcome = {
    outputs: toItems(planned, calls, inputs, gathered, iteration),
    cached: known > 0 && known === calls.length,
    price: Math.round(((price * (calls.length - failed - known)) / calls.length) * paidShare),
    attempts,
    itemsFailed,
    reason: reasonOf(why ?? whyNotKept(planned), known, calls.length),
  };
  if (failedItems.length > 0) outcome.failedItems = failedItems;
  return outcome;
}

/** Why it was executed, and how much of it was not. */
function reasonOf(why: string | null, known: number, calls: number): string | null {
  if (known === 0) return why;
  return [why, `${known} of ${calls} items are kept from before.`].filter(Boolean).join(' ');
}

function countItems(inputs: Record<string, Item[]>): number {
  const counts = Object.values(inputs).map((items) => items.length);
  return counts.length === 0 ? 1 : Math.max(...counts);
}
