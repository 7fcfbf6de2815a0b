import { type Json, type JsonObject, NonRetryableError } from '@imaginarium/node-sdk';
import { refuseValue } from '../field-names.ts';

/**
 * Reads a JSON array of objects.
 * @throws {NonRetryableError} naming the line and column of a slip in the JSON, or the entry that is not an object.
 */
export function parseJsonArray(name: string, content: string): JsonObject[] {
  const document = parse(content, (error) => {
    const place = placeOf(content, error);
    return `${name}${place ? `, ${place}` : ''}: expected JSON, received ${error.message}. Correct it there.`;
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
        parse(line, (error) => `${place}: expected one JSON object, received ${error.message}. Correct the line.`),
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

function parse(text: string, explain: (error: Error) => string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new NonRetryableError(explain(error as SyntaxError), { cause: error }); // JSON.parse throws nothing else.
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

/** JSON.parse tells the position in its message only. */
function placeOf(content: string, error: Error): string | undefined {
  const position = /position (\d+)/.exec(error.message)?.[1];
  if (position === undefined) return undefined;
  const before = content.slice(0, Number(position));
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}
