import { type Json, type JsonObject, NonRetryableError } from '@imaginarium/node-sdk';
import { refuseValue } from '../field-names.ts';
import { findJsonSlip } from './json-slip.ts';

/**
 * Reads a JSON array of objects.
 * @throws {NonRetryableError} naming the line and column of a slip in the JSON, or the entry that is not an object.
 */
export function parseJsonArray(name: string, content: string): JsonObject[] {
  const document = parse(content, () => {
    const slip = findJsonSlip(content) ?? 0;
    return `${name}, ${placeOf(content, slip)}: expected JSON, received ${shown(content, slip)}. Correct it there.`;
  });
  // The text starts with `[`, so what parsed is an array.
  return (document as Json[]).map((entry, index) => asRow(entry, `${name}, entry ${index + 1}`));
}

/**
 * Reads JSON lines: one object a line; empty lines are skipped. One object over several lines is read too, as a single row.
 * @throws {NonRetryableError} naming the line.
 */
export function parseJsonLines(name: string, content: string): JsonObject[] {
  const lines = content.split(/\r?\n/);
  const single = singleObject(content, lines);
  if (single) return [asRow(single, name)];
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${name}, line ${index + 1}`;
    return [
      asRow(
        parse(line, () => {
          const slip = findJsonSlip(line) ?? 0;
          return `${place}, column ${slip + 1}: expected one JSON object a line, received ${shown(line, slip)}. Correct it there.`;
        }),
        place,
      ),
    ];
  });
}

function singleObject(content: string, lines: readonly string[]): Json | undefined {
  if (lines[0]?.trimEnd().endsWith('}')) return undefined;
  try {
    return JSON.parse(content) as Json;
  } catch {
    return undefined; // Read line by line, the error names its line.
  }
}

function parse(text: string, explain: () => string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new NonRetryableError(explain(), { cause: error });
  }
}

function asRow(entry: Json, place: string): JsonObject {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new NonRetryableError(
      `${place}: expected an object such as {"name": "Blue mug"}, received ${JSON.stringify(entry).slice(0, 60)}.`,
    );
  const refusal = refuseValue(entry);
  if (refusal) throw new NonRetryableError(`${place}: ${refusal}. Rename or remove it.`);
  return entry;
}

function placeOf(content: string, position: number): string {
  const before = content.slice(0, position);
  return `line ${before.split('\n').length}, column ${position - before.lastIndexOf('\n')}`;
}

function shown(content: string, position: number): string {
  return position >= content.length ? 'the end' : `"${content.slice(position, position + 12).split('\n')[0]}"`;
}
