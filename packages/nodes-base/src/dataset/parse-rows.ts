import { type JsonObject, NonRetryableError } from '@imaginarium/node-sdk';
import { parseCsv } from './parse-csv.ts';
import { parseJsonArray, parseJsonLines } from './parse-json.ts';

/** The most rows a dataset may have: each becomes an item of the run. */
export const MAX_ROWS = 10_000;

/**
 * Reads rows from CSV, a JSON array or JSON lines. Which one it is, the text itself says: `[` starts an array, `{` starts JSON lines.
 * @throws {NonRetryableError} naming the line and, where there is one, the column.
 */
export async function parseRows(
  name: string,
  content: string,
  options: { detectTypes: boolean },
): Promise<JsonObject[]> {
  const rows = await parseAs(name, content, options);
  if (rows.length === 0) throw new NonRetryableError(`${name}: expected at least one row, received none.`);
  if (rows.length > MAX_ROWS)
    throw new NonRetryableError(
      `${name}: expected at most 10,000 rows, received more. Split it into several datasets.`,
    );
  return rows;
}

function parseAs(
  name: string,
  content: string,
  options: { detectTypes: boolean },
): Promise<JsonObject[]> | JsonObject[] {
  switch (/\S/u.exec(content)?.[0]) {
    case '[':
      return parseJsonArray(name, content);
    case '{':
      return parseJsonLines(name, content);
    default:
      return parseCsv(name, content, { ...options, maxRows: MAX_ROWS + 1 });
  }
}
