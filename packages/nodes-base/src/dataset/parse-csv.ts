import { type Json, type JsonObject, NonRetryableError } from '@imaginarium/node-sdk';
import { refuseFieldName, refuseValue } from '../field-names.ts';

/** How a CSV is read. */
export interface CsvOptions {
  /** Turns what is plainly a number or a boolean into one. */
  detectTypes: boolean;
  /** Reading stops after so many rows. */
  maxRows: number;
}

/**
 * Reads a CSV whose first line names the columns. The separator is the comma, semicolon or tab that the first line has most of.
 * @throws {NonRetryableError} naming the line, and the column where there is one.
 */
export async function parseCsv(
  name: string,
  content: string,
  { detectTypes, maxRows }: CsvOptions,
): Promise<JsonObject[]> {
  const { CsvError, parse } = await import('csv-parse/sync');
  try {
    const records = parse(content, {
      bom: true,
      delimiter: separatorOf(content),
      // All of them, as tables are pasted together from several programs.
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      relax_column_count: false,
      to: maxRows + 1,
    });
    const [header = [], ...rows] = records;
    const columns = header.map((column) => column.trim());
    refuseColumns(name, columns);
    return rows.map((row, index) => asRow(row, columns, detectTypes, `${name}, row ${index + 1}`));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new NonRetryableError(`${name}${placeOf(error)}: ${explain(error)}`, { cause: error });
  }
}

/** The separator that the first line has most of, quoted text left out; a comma when it has none. */
export function separatorOf(content: string): ',' | ';' | '\t' {
  const [line = ''] = content
    .replaceAll(/"[^"]*"/g, '')
    .trimStart()
    .split(/\r?\n/, 1);
  const count = (separator: string) => line.split(separator).length;
  return ([',', ';', '\t'] as const).reduce((best, next) => (count(next) > count(best) ? next : best), ',' as const);
}

function refuseColumns(name: string, columns: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    const place = `${name}, line 1, column ${index + 1}`;
    const refusal = refuseFieldName(column);
    if (refusal) throw new NonRetryableError(`${place}: ${refusal}. The first line names the columns.`);
    const first = seen.get(column);
    if (first !== undefined)
      throw new NonRetryableError(
        `${place}: "${column}" is already the name of column ${first}. Give each column a name of its own.`,
      );
    seen.set(column, index + 1);
  }
}

function asRow(row: readonly string[], columns: readonly string[], detectTypes: boolean, place: string): JsonObject {
  const entries = columns.map((column, index): [string, Json] => {
    const text = row[index] ?? '';
    const refusal = refuseValue(text);
    if (refusal) throw new NonRetryableError(`${place}, column "${column}": ${refusal}. Remove it.`);
    return [column, detectTypes ? typed(text) : text];
  });
  return Object.fromEntries(entries);
}

/** Only what would be written back the same is taken for a number, so postcodes and long ids stay as they are. */
function typed(text: string): Json {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (!/^-?\d[\d.]*$/.test(text)) return text;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

interface CsvFault extends Error {
  code: string;
  lines?: number;
  column?: number | string;
  record?: unknown[];
}

function placeOf({ lines, column, code }: CsvFault): string {
  const line = lines === undefined ? '' : `, line ${lines}`;
  // For a wrong number of columns the library gives the position after the last one, which helps nobody.
  return typeof column === 'number' && !code.includes('INCONSISTENT') ? `${line}, column ${column + 1}` : line;
}

function explain(error: CsvFault): string {
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const expected = /expect (\d+)/.exec(error.message)?.[1];
      return `expected ${expected ?? 'as many columns as the first line has'} columns, received ${error.record?.length ?? 'another number'}. Put text with separators in it in double quotes.`;
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a double quote is opened and never closed. Close it, or write it twice.';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a double quote stands inside a value. Put the whole value in double quotes and write the one inside twice.';
    default:
      return error.message;
  }
}
