import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LoopRule } from '@imaginarium/node-sdk';
import {
  ERROR_PORT,
  type Failure,
  type Item,
  iterationOf,
  type JsonObject,
  type LoopBody,
  stepKey,
} from '@imaginarium/protocol';
import { evaluateRows } from '../call/evaluate-rows.ts';
import { RunStoppedError, StepFailedError, StepTimeoutError, toFailure } from '../call/failure.ts';
import { resolveParams } from '../call/resolve-params.ts';
import type { Row } from '../items/pair-items.ts';
import { plainText } from '../items/plain-text.ts';
import { abortAfter } from '../limits/abort-after.ts';
import type { Level } from '../plan/level.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { RunItems } from '../plan/run-items.ts';
import type { StepOutcome } from '../step/execute-step.ts';
import { ancestorsOf, givenItems, outsideItem, portsOf } from './loop-items.ts';
import { cancelWaitingIn, finishStep, placeOf, type RunWork } from './run-work.ts';

/** Steps and events that may wait to be stored before a loop waits for them: thousands of iterations must not pile up in memory. */
const PENDING = 400;
/** How long a loop of light nodes may keep the process from anything else. */
const TURN_MS = 10;

/** What an iteration came to: the items it brought, or why it failed; or it waits. */
type Iteration = { items: Item[] } | { failure: Failure } | 'waits';

/**
 * Executes a loop: what is placed in it is walked once in each iteration, with steps, items and expressions of its own.
 * @param walk walks over what is placed in the loop; false when some of it waits.
 * @returns what the step came to, or that something inside it waits and nothing else of it can go on.
 * @throws {StepFailedError} with the failure of the first iteration that failed, unless the loop's policy leaves such iterations out.
 */
export async function executeLoop(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  work: RunWork,
  level: Level,
  walk: (inside: Level) => Promise<boolean>,
): Promise<StepOutcome | 'waits'> {
  const { loop, description } = planned.registered.definition;
  if (!loop || !description.body) throw new Error(`${description.type} is not a loop.`);
  const execution = new LoopExecution(planned, description.body, inputs, { work, level, walk });
  return loop.kind === 'each' ? execution.each(loop) : execution.repeat(loop);
}

class LoopExecution {
  readonly #planned: PlannedNode;
  readonly #body: LoopBody;
  readonly #inputs: Record<string, Item[]>;
  readonly #work: RunWork;
  readonly #level: Level;
  readonly #walk: (inside: Level) => Promise<boolean>;
  readonly #key: string;
  readonly #errors = new Map<number, Item>();
  #failed = 0;
  #turnAt = performance.now();

  constructor(
    planned: PlannedNode,
    body: LoopBody,
    inputs: Record<string, Item[]>,
    { work, level, walk }: { work: RunWork; level: Level; walk: (inside: Level) => Promise<boolean> },
  ) {
    this.#planned = planned;
    this.#body = body;
    this.#inputs = inputs;
    this.#work = work;
    this.#level = level;
    this.#walk = walk;
    this.#key = stepKey({ node: planned.node.id, iteration: level.iteration });
  }

  async each(rule: Extract<LoopRule, { kind: 'each' }>): Promise<StepOutcome | 'waits'> {
    const { over, into } = portsOf(this.#body);
    const items = this.#inputs[over] ?? [];
    const [params = {}] = await this.#paramsFor(
      items.slice(0, 1).map((item) => ({ [over]: item })),
      {},
    );
    const { size, atOnce } = rule.divide({ params });
    const count = Math.ceil(items.length / size);
    const brought = new Map<number, Item[]>();
    const progress = { done: 0, next: 0, waits: false };
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#level.signal, stop.signal]);
    const turn = async (index: number): Promise<void> => {
      const given = items.slice(index * size, (index + 1) * size);
      const loop = { index, count };
      const came = await this.#iterate(index, given, loop, signal);
      if (came === 'waits') progress.waits = true;
      else {
        if ('items' in came) brought.set(index, came.items);
        else this.#leaveOut(came.failure, given, index, `${index + 1} of ${count}`);
        progress.done += 1;
        this.#tell({ done: progress.done, count }, `${progress.done} of ${count}`);
      }
      await this.#breathe();
    };
    const worker = async (): Promise<void> => {
      // What goes in order stops where something waits; the others give their place to the next.
      while (progress.next < count && !signal.aborted && !(progress.waits && atOnce === 1)) await turn(progress.next++);
    };
    this.#tell({ done: 0, count }, `0 of ${count}`);
    const workers = Array.from({ length: Math.min(count, Math.max(1, atOnce)) }, () =>
      worker().catch((error: unknown) => {
        stop.abort(new RunStoppedError('run-cancelled', `${this.#planned.node.name} failed.`));
        throw error;
      }),
    );
    const [first] = (await Promise.allSettled(workers)).filter((result) => result.status === 'rejected');
    if (first) throw first.reason;
    this.#level.signal.throwIfAborted();
    if (progress.waits) return 'waits';
    const inOrder = Array.from({ length: count }, (_, index) => brought.get(index) ?? []).flat();
    return this.#outcome({ [into]: inOrder }, `${count} ${count === 1 ? 'iteration' : 'iterations'}.`);
  }

  async repeat(rule: Extract<LoopRule, { kind: 'repeat' }>): Promise<StepOutcome | 'waits'> {
    const { over, taken, into } = portsOf(this.#body);
    const place = new Map((this.#inputs[over] ?? []).map((item, index) => [item.id, index]));
    const left = { done: [] as Item[], unfinished: [] as Item[] };
    let current = this.#inputs[over] ?? [];
    let rounds = 0;
    while (current.length > 0) {
      const round = rounds++;
      const came = await this.#iterate(round, current, { index: round }, this.#level.signal);
      this.#level.signal.throwIfAborted();
      if (came === 'waits') return 'waits';
      if ('failure' in came) {
        this.#leaveOut(came.failure, current, round, `${rounds}`);
        break;
      }
      const results = came.items;
      const rows = results.map((item) => ({ [taken]: item }));
      const judged = await this.#paramsFor(rows, { index: round });
      current = [];
      let limit = rounds;
      for (const [index, item] of results.entries()) {
        const params = judged[index] ?? {};
        limit = Math.max(limit, rule.limit({ params }));
        if (rule.isDone({ params })) left.done.push(item);
        else if (rounds >= rule.limit({ params })) left.unfinished.push(item);
        else current.push(item);
      }
      this.#tell({ done: rounds, count: limit }, `Round ${rounds} of at most ${limit}`);
      await this.#breathe();
    }
    // In the order in which what they were made from came, whichever round they left in.
    const placeOfItem = ({ from }: Item) => Math.min(...from.map((id) => place.get(id) ?? place.size));
    const inOrder = (items: Item[]) => items.sort((a, b) => placeOfItem(a) - placeOfItem(b));
    return this.#outcome(
      {
        [into]: inOrder(left.done),
        ...(this.#body.unfinished ? { [this.#body.unfinished]: inOrder(left.unfinished) } : {}),
      },
      `${rounds} ${rounds === 1 ? 'round' : 'rounds'}${left.unfinished.length > 0 ? '; the limit stopped some items' : ''}.`,
    );
  }

  /** Walks once through what is placed in the loop. */
  async #iterate(index: number, given: Item[], loop: JsonObject, outer: AbortSignal): Promise<Iteration> {
    const { node, inside = [], collects = [] } = this.#planned;
    const { items: around, expressions, graph } = this.#level;
    const iteration = iterationOf(this.#level.iteration, node.id, index);
    const before = this.#work.earlier.failedIteration(iteration);
    if (before) {
      const now = this.#work.services.clock.now();
      for (const step of before.open) finishStep(this.#work, { ...step, state: 'cancelled' }, now);
      return { failure: before.failure };
    }
    const stop = new AbortController();
    const signal = AbortSignal.any([outer, stop.signal]);
    const items = new RunItems(graph, { around });
    items.keep(node.id, givenItems(this.#body, this.#inputs, given));
    let failure: Failure | undefined;
    const timeoutMs = node.policy?.timeoutMs;
    const callOff = timeoutMs && abortAfter(timeoutMs, stop, () => new StepTimeoutError(timeoutMs));
    const settled = await this.#walk({
      ...{ graph, nodes: inside, iteration, items, signal },
      expressions: expressions.inside(() => items.byName(), loop),
      fail: (why, name) => {
        failure ??= why;
        stop.abort(new RunStoppedError('run-cancelled', `${name} failed.`));
      },
    });
    if (callOff) callOff();
    if (outer.aborted) return { items: [] };
    if (stop.signal.aborted) {
      cancelWaitingIn(this.#work, iteration);
      return { failure: failure ?? toFailure(stop.signal.reason, node.id) };
    }
    if (!settled) return 'waits';
    return { items: items.collect(collects).map((item) => this.#withOrigin(item, items, given)) };
  }

  /** The item, made from what is known outside of the loop: from those nodes inside that handed it on, nothing is kept. */
  #withOrigin(item: Item, items: RunItems, given: readonly Item[]): Item {
    const { items: around } = this.#level;
    const own = new Map(given.map((entry) => [entry.id, entry]));
    const known = ancestorsOf(
      item,
      (id) => items.find(id),
      (id) => own.has(id) || around.find(id) !== undefined,
    );
    // What comes from nowhere in particular comes from what the iteration was given.
    const origins = known.length > 0 ? known : [...own.keys()];
    const outside = origins.flatMap((id) => (around.find(id) ? [id] : (own.get(id)?.from ?? [])));
    return outsideItem(item.id, item, [...new Set(outside)]);
  }

  /** Params of the loop for rows of items, the expressions in them resolved. */
  async #paramsFor(rows: readonly Row[], loop: JsonObject): Promise<JsonObject[]> {
    const { node, registered } = this.#planned;
    const { services, record } = this.#work;
    const { expressions, items, signal } = this.#level;
    const specs = registered.definition.description.params;
    const scope = expressions.inside(() => items.byName(), loop);
    const scopes = rows.map((row, index) => scope.forRow(row, index));
    const context = { services, signal, scope: { workspaceId: record.workspaceId, runId: record.run.id } };
    const evaluated = await evaluateRows(specs, node.params, scopes, context);
    return scopes.map((entry, index) => resolveParams(specs, node.params, entry, evaluated[index]));
  }

  /** What the loop's policy makes of an iteration that failed. @throws {StepFailedError} when it stops the loop. */
  #leaveOut(failure: Failure, given: readonly Item[], index: number, which: string): void {
    const { node } = this.#planned;
    const onError = node.policy?.onError ?? 'stop';
    const message = `Iteration ${which}: ${failure.message}`;
    if (onError !== 'skip-item' && onError !== 'error-port') throw new StepFailedError({ ...failure, message });
    this.#failed += given.length;
    const became = onError === 'skip-item' ? 'was left out' : 'went to the error port';
    this.#work.recorder.event({
      ...{ type: 'log', ...placeOf({ node: node.id, iteration: this.#level.iteration }), level: 'warn' },
      message: plainText(`Iteration ${which} ${became}: ${failure.message}`, 4000),
    });
    if (onError === 'skip-item') return;
    const { code, message: text } = failure;
    const origin = given.flatMap((item) => (this.#level.items.find(item.id) ? [item.id] : item.from));
    const item = { id: '', value: { code, message: text }, fields: given[0]?.fields ?? {}, from: [] };
    this.#errors.set(index, outsideItem('', item, [...new Set(origin)]));
  }

  #outcome(outputs: Record<string, Item[]>, reason: string): StepOutcome {
    const errors = [...this.#errors].sort(([a], [b]) => a - b).map(([, item]) => item);
    const ports = errors.length > 0 ? { ...outputs, [ERROR_PORT]: errors } : outputs;
    return {
      outputs: Object.fromEntries(
        Object.entries(ports).map(([port, items]) => [
          port,
          items.map((item, index) => outsideItem(`${this.#key}.${port}.${index}`, item, item.from)),
        ]),
      ),
      ...{ cached: false, price: 0, attempts: 1, itemsFailed: this.#failed, reason },
    };
  }

  #tell(iterations: { done: number; count: number }, message: string): void {
    const place = placeOf({ node: this.#planned.node.id, iteration: this.#level.iteration });
    const progress = iterations.count === 0 ? 0 : Math.min(1, iterations.done / iterations.count);
    this.#work.recorder.event({ type: 'step.progress', ...place, progress, message, iterations });
  }

  /** Lets what piled up be stored, and others have their turn: light nodes alone would never give the process back. */
  async #breathe(): Promise<void> {
    if (this.#work.recorder.pending > PENDING) await this.#work.recorder.flush();
    if (performance.now() - this.#turnAt < TURN_MS) return;
    await nextTurn();
    this.#turnAt = performance.now();
  }
}
