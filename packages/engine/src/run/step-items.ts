import { type FileRef, type Item, isFileRef, type Json, type JsonObject, type PortItems } from '@imaginarium/protocol';
import type { NodeResult } from '../ports/node-executor.ts';
import type { CachedItem, CachedStep } from './cached-step.ts';
import type { PlannedNode } from './plan.ts';
import type { Call } from './step-call.ts';

/** Gathers what the calls of a step gave, port by port, in the order of the calls. */
export function toCachedStep(calls: readonly Call[], results: readonly NodeResult[]): CachedStep {
  const outputs: Record<string, CachedItem[]> = {};
  for (const [row, result] of results.entries()) {
    const call = calls[row] as Call;
    for (const [port, items] of Object.entries(result.outputs)) {
      outputs[port] ??= [];
      for (const { value, fields, from } of items) {
        const carried = from === undefined ? call.task.fields : fieldsOf(call, from);
        outputs[port].push({ value, fields: fields ?? result.fields ?? carried, row: from ?? row });
      }
    }
  }
  return { outputs };
}

/** In mode `all`, the fields of the input item at a position of the first port that has items. */
function fieldsOf(call: Call, position: number): JsonObject {
  const items = Object.values(call.task.items).find((list) => list.length > 0);
  return items?.[position]?.fields ?? {};
}

/** Makes items of what a step gave: with ids of this run, and the ids of what each was made from. */
export function toItems(
  { node, registered }: PlannedNode,
  calls: readonly Call[],
  inputs: Readonly<Record<string, readonly Item[]>>,
  step: CachedStep,
): PortItems {
  const all = registered.definition.description.mode === 'all';
  const first = Object.values(inputs).find((items) => items.length > 0) ?? [];
  const parents = (row: number): string[] => {
    if (!all) return Object.values(calls[row]?.row ?? {}).map((item) => item.id);
    const parent = first[row];
    return parent ? [parent.id] : [];
  };
  return Object.fromEntries(
    Object.entries(step.outputs).map(([port, items]) => [
      port,
      items.map(({ value, fields, row }, index) => toItem(`${node.id}.${port}.${index}`, value, fields, parents(row))),
    ]),
  );
}

function toItem(id: string, value: Json | FileRef, fields: JsonObject, from: string[]): Item {
  return isFileRef(value) ? { id, file: value, fields, from } : { id, value: value as Json, fields, from };
}
