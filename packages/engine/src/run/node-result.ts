import { type EmittedItem, isEmitted, NonRetryableError, type RawResult } from '@imaginarium/node-sdk';
import {
  type FileRef,
  isFileRef,
  isMediaType,
  type Json,
  type JsonObject,
  type NodeDescription,
} from '@imaginarium/protocol';
import type { NodeResult } from '../ports/node-executor.ts';

/**
 * Turns what a node returned into plain data, and checks it against the node's description.
 * @throws {NonRetryableError} when it names a port that is not there, or gives a port a value of another type.
 */
export function toNodeResult(raw: RawResult | undefined, description: NodeDescription): NodeResult {
  if (typeof raw !== 'object' || raw === null)
    throw new NonRetryableError(`${description.type} returned ${String(raw)} instead of its output ports.`);
  const { fields, ...values } = raw;
  const outputs: NodeResult['outputs'] = {};
  for (const [port, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const spec = Object.hasOwn(description.outputs, port) ? description.outputs[port] : undefined;
    if (!spec)
      throw new NonRetryableError(
        `${description.type} returned a value for "${port}", which is not one of its outputs.`,
      );
    const items: readonly EmittedItem<Json | FileRef>[] = isEmitted(value) ? value.items : [{ value }];
    for (const item of items) {
      if (isMediaType(spec.type) && !isFileRef(item.value))
        throw new NonRetryableError(`${description.type} returned something other than a file for "${port}".`);
    }
    outputs[port] = [...items];
  }
  return fields === undefined ? { outputs } : { outputs, fields: fields as JsonObject };
}
