import type { Item, JsonObject } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import { pairItems, type Row } from '../items/pair-items.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { evaluateRows } from './evaluate-rows.ts';
import { fixedParams } from './fixed-params.ts';
import { resolveParams } from './resolve-params.ts';
import { type Call, StepTasks } from './step-call.ts';
import type { StepContext } from './step-context.ts';

/** The calls of a step. Each is got ready when its turn comes: thousands of them at once would be much to hold. */
export class StepCalls {
  readonly length: number;
  readonly #rows: Rows;
  readonly #tasks: StepTasks;
  readonly #params: JsonObject | ((index: number) => JsonObject);
  #all: readonly Call[] | undefined;

  /** @param params those of all calls, or what gives those of each; it throws where they do not fit. */
  constructor(rows: Rows, tasks: StepTasks, params: JsonObject | ((index: number) => JsonObject)) {
    this.length = rows.length;
    this.#rows = rows;
    this.#tasks = tasks;
    this.#params = params;
  }

  /** One of them, which nobody holds on to. @param index from 0, below {@link length}. */
  at(index: number): Call {
    return this.#all?.[index] ?? this.#make(this.#rows.at(index), index);
  }

  #make(row: Row, index: number): Call {
    const tasks = this.#tasks;
    try {
      const params = typeof this.#params === 'function' ? this.#params(index) : this.#params;
      const task = tasks.make(row, params, index);
      return { index, row, params, task, refusal: tasks.refusalOf(task) };
    } catch (refusal) {
      return { index, row, params: {}, task: tasks.make(row, {}, index), refusal };
    }
  }

  /** All of them, for who has to look at all before one is made. They are held on to from then on. */
  all(): readonly Call[] {
    this.#all ??= Array.from({ length: this.length }, (_, index) => this.at(index));
    return this.#all;
  }

  /** The ids of the items that a call is made with. */
  idsAt(index: number): string[] {
    return this.#rows.idsAt(index);
  }

  /** The items that each call is made with. */
  *rows(): Generator<Row> {
    for (let index = 0; index < this.length; index++) yield this.#rows.at(index);
  }
}

/**
 * The calls a step consists of: items paired into rows, params resolved for each.
 * @returns a promise where params hold expressions.
 * @throws {PairingError} when items do not pair; {@link evaluateRows} says when expressions fail for all rows.
 */
export function prepareCalls(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  context: StepContext,
): StepCalls | Promise<StepCalls> {
  const rows = rowsOf(planned, inputs, context);
  const tasks = new StepTasks(planned, inputs, context);
  const shared = fixedParams(planned);
  if (shared) return new StepCalls(rows, tasks, shared);
  return resolveRows(planned, rows, tasks, context);
}

/** The calls of a step whose params differ from row to row. */
async function resolveRows(
  { node, registered }: PlannedNode,
  rows: Rows,
  tasks: StepTasks,
  context: StepContext,
): Promise<StepCalls> {
  const { params: specs } = registered.definition.description;
  const scopes = Array.from({ length: rows.length }, (_, index) => context.expressions.forRow(rows.at(index), index));
  const evaluated = await evaluateRows(specs, node.params, scopes, context);
  const paramsOf = (index: number) => freezeDeep(resolveParams(specs, node.params, scopes[index], evaluated[index]));
  return new StepCalls(rows, tasks, paramsOf);
}

/** What each call is made with. */
interface Rows {
  readonly length: number;
  at(index: number): Row;
  idsAt(index: number): string[];
}

function rowsOf({ registered }: PlannedNode, inputs: Record<string, Item[]>, { find }: StepContext): Rows {
  const { description } = registered.definition;
  // In the order of the description, whatever order the wires were drawn in: fields of the first port win.
  const reached: Record<string, Item[]> = {};
  let ports = 0;
  let last = '';
  for (const port in description.inputs) {
    const items = inputs[port];
    if (!items || items.length === 0) continue;
    reached[port] = items;
    ports++;
    last = port;
  }
  if (description.mode === 'all') return pairedRows([firstRow(reached)]);
  return ports === 1 ? new SingleRows(last, reached[last] as Item[]) : pairedRows(pairItems(reached, find));
}

/** The items of the only port that has some, a row each. */
class SingleRows implements Rows {
  readonly length: number;
  readonly #port: string;
  readonly #items: readonly Item[];

  constructor(port: string, items: readonly Item[]) {
    this.length = items.length;
    this.#port = port;
    this.#items = items;
  }

  at(index: number): Row {
    return { [this.#port]: this.#items[index] as Item };
  }

  idsAt(index: number): string[] {
    return [(this.#items[index] as Item).id];
  }
}

function pairedRows(rows: readonly Row[]): Rows {
  return {
    length: rows.length,
    at: (index) => rows[index] as Row,
    idsAt: (index) => Object.values(rows[index] as Row).map(({ id }) => id),
  };
}

function firstRow(inputs: Record<string, Item[]>): Row {
  return Object.fromEntries(Object.entries(inputs).map(([port, items]) => [port, items[0] as Item]));
}
