import { NonRetryableError } from '@imaginarium/node-sdk';
import { type Item, type JsonObject, type NodeDescription, stepKey } from '@imaginarium/protocol';
import type { RegisteredNode } from '../packages/node-registry.ts';
import type { NodeTask } from '../ports/node-executor.ts';
import { evaluateRows } from './evaluate-rows.ts';
import { fixedParams } from './fixed-params.ts';
import { freezeDeep } from './freeze-deep.ts';
import { pairItems, type Row } from './pair-items.ts';
import type { PlannedNode } from './plan.ts';
import { portValue, refuseType } from './port-value.ts';
import { resolveParams } from './resolve-params.ts';
import type { StepContext } from './step-context.ts';

/** One call of the node: a row of items, or with mode `all` everything at once. */
export interface Call {
  /** Counts the calls of the step from 0. */
  index: number;
  row: Row;
  params: JsonObject;
  task: NodeTask;
  /** Why it cannot be made: its params or an input do not fit. It fails like a call that threw this. */
  refusal: unknown;
}

/**
 * The calls a step consists of: items paired into rows, params resolved for each.
 * @throws {PairingError} when items do not pair; {@link evaluateRows} says when expressions fail for all rows.
 */
export async function prepareCalls(
  planned: PlannedNode,
  inputs: Record<string, Item[]>,
  context: StepContext,
): Promise<Call[]> {
  const { node, registered } = planned;
  const { description } = registered.definition;
  // In the order of the description, whatever order the wires were drawn in: fields of the first port win.
  const reached: Record<string, Item[]> = {};
  for (const port of Object.keys(description.inputs)) {
    const items = inputs[port];
    if (items && items.length > 0) reached[port] = items;
  }
  const rows = description.mode === 'all' ? [firstRow(reached)] : pairItems(reached, context.find);
  const { params: specs } = description;
  const shared = fixedParams(node, registered);
  const scopes = shared ? [] : rows.map((row, index) => context.expressions.forRow(row, index));
  const evaluated = shared ? [] : await evaluateRows(specs, node.params, scopes, context);
  const resolve = (index: number) => freezeDeep(resolveParams(specs, node.params, scopes[index], evaluated[index]));
  return rows.map((row, index) => {
    try {
      const params = shared ?? resolve(index);
      const task = toTask(planned, row, params, index, inputs, context);
      return { index, row, params, task, refusal: refuseInput(task, description) };
    } catch (refusal) {
      return { index, row, params: {}, task: toTask(planned, row, {}, index, inputs, context), refusal };
    }
  });
}

/** A wire from a port of type `any` may bring something else than the port takes. */
function refuseInput({ input }: NodeTask, { inputs, mode }: NodeDescription): NonRetryableError | undefined {
  for (const [port, { type, title }] of Object.entries(inputs)) {
    const values = mode === 'all' ? (input[port] as unknown[]) : input[port] === undefined ? [] : [input[port]];
    for (const value of values) {
      const refusal = refuseType(type, value);
      if (refusal) return new NonRetryableError(`${title ?? port}: ${refusal}.`);
    }
  }
  return undefined;
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
  { scope, services, iteration }: StepContext,
): NodeTask {
  const { description } = registered.definition;
  const all = description.mode === 'all';
  const ports = Object.entries(description.inputs);
  const values = ports.map(([port, { type }]) => {
    if (all) return [port, (inputs[port] ?? []).map((item) => portValue(item, type))];
    const item = row[port];
    return [port, item && portValue(item, type)];
  });
  const withFields = ([port, { type }]: (typeof ports)[number]) => [
    port,
    (inputs[port] ?? []).map((item) => ({ value: portValue(item, type), fields: item.fields })),
  ];
  return {
    type: node.type,
    version: node.version,
    ...revisionOf(registered),
    input: Object.fromEntries(values) as NodeTask['input'],
    items: all ? Object.fromEntries(ports.map(withFields)) : {},
    fields: all ? {} : mergedFields(row),
    params,
    credentials: {},
    idempotencyKey: `${scope.runId}:${stepKey({ node: node.id, iteration })}:${index}`,
    modelsFolder: services.modelsFolder,
  };
}

/** Which loading of its package a task is for, where there was more than one. */
export function revisionOf({ revision }: RegisteredNode): Pick<NodeTask, 'revision'> {
  return revision === 0 ? {} : { revision };
}

/** Fields of all items of a row; those of the first port win. */
function mergedFields(row: Row): JsonObject {
  const items = Object.values(row);
  if (items.length === 1) return (items[0] as Item).fields;
  return Object.assign({}, ...items.map((item) => item.fields).reverse());
}
