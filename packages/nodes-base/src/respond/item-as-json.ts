import { type FileRef, isFileRef, type Json, type JsonObject } from '@imaginarium/node-sdk';

/** The value that was written last. Items are never changed, so that its text goes for as long as somebody has it. */
let last: { value: WeakRef<object>; text: string } | undefined;

/**
 * An item as JSON: its fields, beside `value` or `file`. What many items have for their value, as all that were made of one request do, is
 * written once for all of them.
 */
export function itemAsJson(value: Json | FileRef, fields: JsonObject): string {
  const name = isFileRef(value) ? 'file' : 'value';
  // A field of that name keeps its place and gets another value.
  if (typeof value !== 'object' || value === null || name in fields)
    return JSON.stringify({ ...fields, [name]: value });
  if (last?.value.deref() !== value) last = { value: new WeakRef(value), text: JSON.stringify(value) };
  const others = JSON.stringify(fields).slice(0, -1);
  return `${others}${others.length > 1 ? ',' : ''}"${name}":${last.text}}`;
}
