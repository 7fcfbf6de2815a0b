import {
  type EmittedItem,
  type FailedInput,
  isEmitted,
  NonRetryableError,
  type RawResult,
} from '@imaginarium/node-sdk';
import {
  type FileRef,
  FORBIDDEN_KEYS,
  type Json,
  type JsonObject,
  type NodeDescription,
  type PortType,
} from '@imaginarium/protocol';
import { refuseType, refuseUnsafe } from '../items/port-value.ts';
import type { NodeResult, NodeTask } from '../ports/node-executor.ts';

/**
 * Turns what a node returned into plain data, and checks it against the node's description.
 * @param given what the node was given: a value or field that it hands on has been checked before.
 * @throws {NonRetryableError} when it names a port that is not there, gives a port a value of another type, or one that cannot be stored.
 */
export function toNodeResult(
  raw: RawResult | undefined,
  description: NodeDescription,
  { input, fields: carried }: Pick<NodeTask, 'input' | 'fields'> = { input: {}, fields: {} },
): NodeResult {
  const { type } = description;
  if (typeof raw !== 'object' || raw === null)
    throw new NonRetryableError(`${type} returned ${String(raw)} instead of its output ports.`);
  const outputs: NodeResult['outputs'] = {};
  let failed: FailedInput[] | undefined;
  for (const port in raw) {
    const value = raw[port];
    if (value === undefined || port === 'fields' || !Object.hasOwn(raw, port)) continue;
    const spec = Object.hasOwn(description.outputs, port) ? description.outputs[port] : undefined;
    if (!spec) throw new NonRetryableError(`${type} returned a value for "${port}", which is not one of its outputs.`);
    const items: EmittedItem<Json | FileRef>[] = isEmitted(value) ? [...value.items] : [{ value }];
    checkItems(items, { node: type, port, type: spec.type }, input);
    outputs[port] = items;
    if (isEmitted(value) && value.failed) failed = [...(failed ?? []), ...value.failed];
  }
  const { fields } = raw;
  checkFields(type, fields, carried);
  const result: NodeResult = fields === undefined ? { outputs } : { outputs, fields: fields as JsonObject };
  if (!failed || failed.length === 0) return result;
  checkFailed(failed, description);
  return { ...result, failed };
}

function checkFailed(failed: readonly FailedInput[], { type, mode }: NodeDescription): void {
  if (mode !== 'all')
    throw new NonRetryableError(
      `${type} named items that failed. A node that is called for each item throws an error.`,
    );
  const wrong = failed.find(
    ({ item, message }) => !(Number.isInteger(item) && item >= 0) || typeof message !== 'string',
  );
  if (wrong)
    throw new NonRetryableError(`${type} named a failed item that is none: expected its position and a message.`);
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

function checkFields(node: string, fields: unknown, carried: Readonly<JsonObject> = {}): void {
  if (fields === undefined || fields === carried) return;
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const refusal = isObject ? refuseUnsafeFields(fields, carried) : 'expected names with values';
  if (refusal) throw new NonRetryableError(`${node} returned wrong fields: ${refusal}.`);
}

/** As {@link refuseUnsafe}, without another look at what was carried along: most fields are. */
function refuseUnsafeFields(fields: object, carried: Readonly<JsonObject>): string | undefined {
  if (Object.getPrototypeOf(fields) !== Object.prototype) return refuseUnsafe(fields);
  for (const name in fields) {
    const value = (fields as Record<string, unknown>)[name];
    if (Object.hasOwn(carried, name) && value === carried[name]) continue;
    // Within a list it is as deep as it is within the fields.
    const isSafe =
      !FORBIDDEN_KEYS.has(name) && !refuseUnsafe(name) && !refuseUnsafe(typeof value === 'string' ? value : [value]);
    if (!isSafe) return refuseUnsafe(fields);
  }
  return undefined;
}
