import {
  elementType,
  type FileRef,
  type Item,
  isListType,
  type Json,
  type JsonObject,
  type PortSpec,
} from '@imaginarium/protocol';
import type { NodeTask } from '../ports/node-executor.ts';
import { pairItems, type Row } from './pair-items.ts';
import type { PlannedNode } from './plan.ts';
import { hasExpressions, resolveParams } from './resolve-params.ts';
import type { StepContext } from './step-context.ts';

/** One call of the node: a row of items, or with mode `all` everything at once. */
export interface Call {
  row: Row;
  params: JsonObject;
  task: NodeTask;
}

/**
 * The calls a step consists of: items paired into rows, params resolved for each.
 * @throws {PairingError} {@link NonRetryableError} when items do not pair or params do not fit.
 */
export function prepareCalls(planned: PlannedNode, inputs: Record<string, Item[]>, context: StepContext): Call[] {
  const { node, registered } = planned;
  const { description } = registered.definition;
  const reached = Object.fromEntries(Object.entries(inputs).filter(([, items]) => items.length > 0));
  const rows = description.mode === 'all' ? [firstRow(reached)] : pairItems(reached, context.find);
  const perRow = hasExpressions(description.params, node.params);
  const shared = perRow ? undefined : resolveParams(description.params, node.params);
  return rows.map((row, index) => {
    const scope = perRow ? context.expressions.forRow(row, index) : undefined;
    const params = shared ?? resolveParams(description.params, node.params, scope);
    return { row, params, task: toTask(planned, row, params, index, inputs, context) };
  });
}

function firstRow(inputs: Record<string, Item[]>): Row {
  return Object.fromEntries(Object.entries(inputs).map(([port, items]) => [port, items[0] as Item]));
}

function toTask(
  { node, registered }: PlannedNode,
  row: Row,
  params: JsonObject,
  index: number,
  inputs: Record<string, Item[]>,
  { scope, services }: StepContext,
): NodeTask {
  const { description } = registered.definition;
  const all = description.mode === 'all';
  const ports = Object.entries(description.inputs);
  return {
    type: node.type,
    version: node.version,
    input: Object.fromEntries(
      ports.map(([port, spec]) => {
        if (all) return [port, (inputs[port] ?? []).map((item) => portValue(item, spec))];
        const item = row[port];
        return [port, item && portValue(item, spec)];
      }),
    ) as NodeTask['input'],
    items: all
      ? Object.fromEntries(
          ports.map(([port, spec]) => [
            port,
            (inputs[port] ?? []).map((item) => ({ value: portValue(item, spec), fields: item.fields })),
          ]),
        )
      : {},
    fields: all ? {} : mergedFields(row),
    params,
    credentials: {},
    idempotencyKey: `${scope.runId}:${node.id}:${index}`,
    modelsFolder: services.modelsFolder,
  };
}

function portValue(item: Item, spec: PortSpec): Json | FileRef {
  const value = item.file ?? item.value ?? null;
  if (isListType(spec.type)) return (Array.isArray(value) ? value : [value]) as Json;
  if (elementType(spec.type) === 'text' && (typeof value === 'number' || typeof value === 'boolean'))
    return String(value);
  return value;
}

/** Fields of all items of a row; those of the first port win. */
function mergedFields(row: Row): JsonObject {
  const items = Object.values(row);
  if (items.length === 1) return (items[0] as Item).fields;
  return Object.assign({}, ...items.map((item) => item.fields).reverse());
}
