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
import { freezeDeep } from '../items/freeze-deep.ts';
import type { Row } from '../items/pair-items.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { CachedItem, CachedStep } from '../ports/cached-step.ts';
import type { NodeResult } from '../ports/node-executor.ts';

/** The row of an item that was made from all items at once, and from none of them in particular. */
const WHOLE_LIST = -1;

/** Gathers what the calls of a step gave, port by port, in the order of the calls. */
export function toCachedStep(
  { registered }: PlannedNode,
  calls: readonly Call[],
  results: readonly NodeResult[],
): CachedStep {
  const all = registered.definition.description.mode === 'all';
  const outputs: Record<string, CachedItem[]> = {};
  for (const [row, result] of results.entries()) {
    const call = calls[row] as Call;
    for (const [port, items] of Object.entries(result.outputs)) {
      outputs[port] ??= [];
      for (const { value, fields, from } of items) {
        const rows = all && typeof from === 'object' ? from : undefined;
        const source = !all ? row : typeof from === 'number' ? from : WHOLE_LIST;
        const carried = !all ? call.task.fields : rows ? fieldsOfAll(call, rows) : fieldsOf(call, source);
        const item = { value, fields: fields ?? result.fields ?? carried, row: source };
        outputs[port].push(rows ? { ...item, rows } : item);
      }
    }
  }
  return { outputs };
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
  calls: readonly Call[],
  inputs: Readonly<Record<string, readonly Item[]>>,
  cached: CachedStep,
  iteration = '',
): PortItems {
  const step = stepKey({ node: node.id, iteration });
  const all = registered.definition.description.mode === 'all';
  const ports = Object.keys(registered.definition.description.inputs);
  const first = ports.map((port) => inputs[port] ?? []).find((items) => items.length > 0) ?? [];
  const parents = (row: number): string[] => {
    if (!all) return idsOf(calls[row]?.row ?? {});
    const parent = first.length === 1 ? first[0] : first[row];
    return parent ? [parent.id] : [];
  };
  const parentsOf = ({ row, rows }: CachedItem): string[] =>
    rows
      ? Object.entries(rows).flatMap(([port, at]) =>
          Object.hasOwn(inputs, port) ? (inputs[port]?.[at]?.id ?? []) : [],
        )
      : parents(row);
  return Object.fromEntries(
    Object.entries(cached.outputs).map(([port, items]) => {
      const place = `${step}.${port}.`;
      return [port, items.map((item, index) => toItem(place + index, item.value, item.fields, parentsOf(item)))];
    }),
  );
}

function idsOf(row: Row): string[] {
  const ids: string[] = [];
  for (const port in row) ids.push((row[port] as Item).id);
  return ids;
}

function toItem(id: string, value: Json | FileRef, fields: JsonObject, from: string[]): Item {
  Object.freeze(from);
  freezeDeep(fields);
  freezeDeep(value);
  return Object.freeze(
    isFileRef(value) ? { id, file: value, fields, from } : { id, value: value as Json, fields, from },
  );
}
