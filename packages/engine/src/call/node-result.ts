import { type EmittedItem, isEmitted, NonRetryableError, type RawResult } from '@imaginarium/node-sdk';
import type { FileRef, Json, JsonObject, NodeDescription, PortType } from '@imaginarium/protocol';
import { refuseType, refuseUnsafe } from '../items/port-value.ts';
import type { NodeResult } from '../ports/node-executor.ts';

/**
 * Turns what a node returned into plain data, and checks it against the node's description.
 * @param input what the node was given: a value that it hands on has been checked before.
 * @throws {NonRetryableError} when it names a port that is not there, gives a port a value of another type, or one that cannot be stored.
 */
export function toNodeResult(
  raw: RawResult | undefined,
  description: NodeDescription,
  input: Readonly<Record<string, unknown>> = {},
): NodeResult {
  const { type } = description;
  if (typeof raw !== 'object' || raw === null)
    throw new NonRetryableError(`${type} returned ${String(raw)} instead of its output ports.`);
  const outputs: NodeResult['outputs'] = {};
  for (const port of Object.keys(raw)) {
    const value = raw[port];
    if (value === undefined || port === 'fields') continue;
    const spec = Object.hasOwn(description.outputs, port) ? description.outputs[port] : undefined;
    if (!spec) throw new NonRetryableError(`${type} returned a value for "${port}", which is not one of its outputs.`);
    const items: EmittedItem<Json | FileRef>[] = isEmitted(value) ? [...value.items] : [{ value }];
    checkItems(items, { node: type, port, type: spec.type }, input);
    outputs[port] = items;
  }
  const { fields } = raw;
  checkFields(type, fields);
  return fields === undefined ? { outputs } : { outputs, fields: fields as JsonObject };
}

function checkItems(
  items: readonly EmittedItem<Json | FileRef>[],
  { node, port, type }: { node: string; port: string; type: PortType },
  input: Readonly<Record<string, unknown>>,
): void {
  // Many items may be made of one: what they share is looked through once.
  let known: unknown;
  for (const { value, fields } of items) {
    const isKnown = (typeof value === 'object' && value === known) || isOneOf(input, value);
    const refusal = refuseType(type, value) ?? (isKnown ? undefined : refuseUnsafe(value));
    if (refusal) throw new NonRetryableError(`${node} returned a wrong value for "${port}": ${refusal}.`);
    known = value;
    checkFields(node, fields);
  }
}

function isOneOf(input: Readonly<Record<string, unknown>>, value: unknown): boolean {
  for (const port in input) if (input[port] === value) return true;
  return false;
}

function checkFields(type: string, fields: unknown): void {
  if (fields === undefined) return;
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const refusal = isObject ? refuseUnsafe(fields) : 'expected names with values';
  if (refusal) throw new NonRetryableError(`${type} returned wrong fields: ${refusal}.`);
}
