import {
  type EmittedItem,
  type FileRef,
  type InputItem,
  isFileRef,
  type Json,
  type JsonObject,
  NonRetryableError,
} from '@imaginarium/node-sdk';
import { refuseFieldName } from '../field-names.ts';

type Input = InputItem<Json | FileRef>;

/** What an item carries beside its fields, under the names code knows it by. */
const OWN_KEYS = new Set(['index', 'value', 'file']);

/** An item as code sees it: its fields by name, with `index` and its `value` or `file` beside them. */
export function seenByCode({ value, fields }: Input, index: number): JsonObject {
  const content: JsonObject = isFileRef(value) ? { file: { ...value } as JsonObject } : { value: value as Json };
  return { ...fields, index, ...content };
}

/**
 * The item that code made when it was called for one item; none when it gave nothing.
 * @throws {NonRetryableError} for a field that may not be, or a file that no item brought.
 */
export function itemOf(given: Json, index: number, inputs: readonly Input[]): EmittedItem<Json | FileRef>[] {
  const source = inputs[index];
  const from = source ? { from: index } : {};
  if (given === null) return [];
  if (!isObject(given) || isFileRef(given))
    return [{ value: known(given, inputs), fields: source?.fields ?? {}, ...from }];
  const kept = 'file' in given ? given.file : 'value' in given ? given.value : source?.value;
  return [{ value: known((kept ?? null) as Json | FileRef, inputs), fields: fieldsOf(given), ...from }];
}

/** The items that code made of all items at once. One that carries the `index` of an item was made from that one. */
export function itemsOf(given: Json, inputs: readonly Input[]): EmittedItem<Json | FileRef>[] {
  const list = Array.isArray(given) ? given : [given];
  return list.flatMap((entry) => {
    const index = isObject(entry) && typeof entry.index === 'number' ? entry.index : -1;
    return itemOf(entry, index, inputs);
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(given: JsonObject): JsonObject {
  const entries = Object.entries(given).filter(([name]) => !OWN_KEYS.has(name));
  for (const [name] of entries) {
    const refusal = refuseFieldName(name);
    if (refusal) throw new NonRetryableError(`The code gave a field that may not be: ${refusal}.`);
  }
  return Object.fromEntries(entries);
}

/** Code names files, and cannot make any: what it gives as a file is one that came in. */
function known(value: Json | FileRef, inputs: readonly Input[]): Json | FileRef {
  if (!isFileRef(value)) return value;
  const brought = inputs.find((input) => isFileRef(input.value) && input.value.id === value.id);
  if (brought) return brought.value;
  throw new NonRetryableError(
    `The code gave the file "${value.name}", which no item brought. Give the file of an item.`,
  );
}
