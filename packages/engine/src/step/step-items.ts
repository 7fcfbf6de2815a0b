import type { EmittedItem } from '@imaginarium/node-sdk';
import {
  type FileRef,
  type Item,
  isFileRef,
  type Json,
  type JsonObject,
  type PortItems,
  stepKey,
} from '@imaginarium/protocol';
import type { Call } from '../call/step-call.ts';
import type { StepCalls } from '../call/step-calls.ts';
import { freezeDeep } from '../items/freeze-deep.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { CachedItem, CachedStep } from '../ports/cached-step.ts';
import type { NodeResult } from '../ports/node-executor.ts';

/** The row of an item that was made from all items at once, and from none of them in particular. */
const WHOLE_LIST = -1;

/** Gathers what the calls of a step gave, port by port, in the order of the calls. */
export class GatheredStep implements CachedStep {
  readonly outputs: Record<string, CachedItem[]> = {};
  readonly #all: boolean;

  constructor({ registered }: PlannedNode) {
    this.#all = registered.definition.description.mode === 'all';
  }

  /** @param row its place among the calls. */
  add(call: Call, row: number, { outputs, fields: common }: NodeResult): void {
    for (const port in outputs) {
      const gathered = this.#itemsOf(port);
      for (const { value, fields, from } of outputs[port] as NodeResult['outputs'][string])
        gathered.push(
          this.#all
            ? fromAll(call, value, fields ?? common, from)
            : { value, fields: fields ?? common ?? call.task.fields, row },
        );
    }
  }

  #itemsOf(port: string): CachedItem[] {
    const gathered = Object.hasOwn(this.outputs, port) ? this.outputs[port] : undefined;
    if (gathered) return gathered;
    const fresh: CachedItem[] = [];
    this.outputs[port] = fresh;
    return fresh;
  }

  /** What each of the first calls gave, as if it had named the fields of its items itself; in mode `each` only. */
  results(calls: number): NodeResult[] {
    const results = Array.from({ length: calls }, (): NodeResult => ({ outputs: {} }));
    for (const [port, items] of Object.entries(this.outputs))
      for (const { value, fields, row } of items) {
        const { outputs } = results[row] as NodeResult;
        outputs[port] ??= [];
        outputs[port].push({ value, fields });
      }
    return results;
  }
}

/** An item of a node that saw the whole list. */
function fromAll(
  call: Call,
  value: Json | FileRef,
  own: JsonObject | undefined,
  from: EmittedItem<Json | FileRef>['from'],
): CachedItem {
  if (typeof from === 'object') return { value, fields: own ?? fieldsOfAll(call, from), row: WHOLE_LIST, rows: from };
  const row = from ?? WHOLE_LIST;
  return { value, fields: own ?? fieldsOf(call, row), row };
}

/** The fields of the input item at a position of the first port that has items. */
function fieldsOf(call: Call, position: number): JsonObject {
  const items = Object.values(call.task.items).find((list) => list.length > 0);
  return items?.[position]?.fields ?? {};
}

/** The fields of the input items at positions of several ports; those of the port named first win. */
function fieldsOfAll({ task }: Call, rows: Readonly<Record<string, number>>): JsonObject {
  const items = Object.entries(rows).map(([port, position]) =>
    Object.hasOwn(task.items, port) ? task.items[port]?.[position] : undefined,
  );
  return Object.assign({}, ...items.map((item) => item?.fields).reverse());
}

/** Makes items of what a step gave: with ids of this run, and the ids of what each was made from. */
export function toItems(
  { node, registered }: PlannedNode,
  calls: StepCalls,
  inputs: Readonly<Record<string, readonly Item[]>>,
  cached: CachedStep,
  iteration = '',
): PortItems {
  const step = stepKey({ node: node.id, iteration });
  const { mode, inputs: specs } = registered.definition.description;
  const first = mode === 'all' ? firstItems(Object.keys(specs), inputs) : undefined;
  const items: PortItems = {};
  for (const port in cached.outputs) {
    const place = `${step}.${port}.`;
    // Outputs are those of the node's description, which no port is missing from.
    items[port] = (cached.outputs[port] as CachedItem[]).map((item, index) => {
      const from = first ? parentsInAll(item, first, inputs) : calls.idsAt(item.row);
      return toItem(place + index, item.value, item.fields, from);
    });
  }
  return items;
}

/** The items of the first port that has some. */
function firstItems(ports: readonly string[], inputs: Readonly<Record<string, readonly Item[]>>): readonly Item[] {
  return ports.map((port) => inputs[port] ?? []).find((items) => items.length > 0) ?? [];
}

/** The ids of what a node that saw the whole list made an item from. */
function parentsInAll(
  { row, rows }: CachedItem,
  first: readonly Item[],
  inputs: Readonly<Record<string, readonly Item[]>>,
): string[] {
  if (rows)
    return Object.entries(rows).flatMap(([port, at]) =>
      Object.hasOwn(inputs, port) ? (inputs[port]?.[at]?.id ?? []) : [],
    );
  const parent = first.length === 1 ? first[0] : first[row];
  return parent ? [parent.id] : [];
}

function toItem(id: string, value: Json | FileRef, fields: JsonObject, from: string[]): Item {
  Object.freeze(from);
  freezeDeep(fields);
  freezeDeep(value);
  return Object.freeze(
    isFileRef(value) ? { id, file: value, fields, from } : { id, value: value as Json, fields, from },
  );
}
