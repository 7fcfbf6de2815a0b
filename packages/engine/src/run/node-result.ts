import { type EmittedItem, isEmitted, NonRetryableError, type RawResult } from '@imaginarium/node-sdk';
import type { FileRef, Json, JsonObject, NodeDescription } from '@imaginarium/protocol';
import type { NodeResult } from '../ports/node-executor.ts';
import { refuseType, refuseUnsafe } from './port-value.ts';

/**
 * Turns what a node returned into plain data, and checks it against the node's description.
 * @throws {NonRetryableError} when it names a port that is not there, gives a port a value of another type, or one that cannot be stored.
 */
export function toNodeResult(raw: RawResult | undefined, description: NodeDescription): NodeResult {
  const { type } = description;
  if (typeof raw !== 'object' || raw === null)
    throw new NonRetryableError(`${type} returned ${String(raw)} instead of its output ports.`);
  const { fields, ...values } = raw;
  const outputs: NodeResult['outputs'] = {};
  for (const [port, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const spec = Object.hasOwn(description.outputs, port) ? description.outputs[port] : undefined;
    if (!spec) throw new NonRetryableError(`${type} returned a value for "${port}", which is not one of its outputs.`);
    const items: readonly EmittedItem<Json | FileRef>[] = isEmitted(value) ? value.items : [{ value }];
    for (const item of items) {
      const refusal = refuseType(spec.type, item.value) ?? refuseUnsafe(item.value);
      if (refusal) throw new NonRetryableError(`${type} returned a wrong value for "${port}": ${refusal}.`);
      checkFields(type, item.fields);
    }
    outputs[port] = [...items];
  }
  checkFields(type, fields);
  return fields === undefined ? { outputs } : { outputs, fields: fields as JsonObject };
}

function checkFields(type: string, fields: unknown): void {
  if (fields === undefined) return;
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const refusal = isObject ? refuseUnsafe(fields) : 'expected names with values';
  if (refusal) throw new NonRetryableError(`${type} returned wrong fields: ${refusal}.`);
}
