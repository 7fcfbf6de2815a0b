import type BetterSqlite3 from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { QueryRunner } from 'typeorm';

/** What a statement may carry as a value. JSON goes in as text, moments as ISO 8601, bytes as they are. */
export type SqlValue = string | number | null | Uint8Array;

/**
 * Runs a statement written as a template: every `${value}` becomes a parameter, never text, so no value can change what the
 * statement does. Lists are written with commas between; a {@link fragment} is inserted with its own parameters.
 * @returns the rows that it selects or returns, with column names as the database has them.
 */
export type Sql = <Row extends object = Record<string, unknown>>(
  text: TemplateStringsArray,
  ...values: SqlPart[]
) => Promise<Row[]>;

/** What stands between the words of a statement: values, lists of them, and further parts. */
export type SqlPart = SqlValue | readonly SqlValue[] | Fragment | readonly Fragment[];

/** A part of a statement. */
export interface Fragment {
  text: TemplateStringsArray;
  values: SqlPart[];
}

/** Writes a part of a statement that is used under a condition, or several times. */
export function fragment(text: TemplateStringsArray, ...values: SqlPart[]): Fragment {
  return { text, values };
}

/** Makes the template tag that runs statements on one connection to PostgreSQL. */
export function postgresSql(runner: QueryRunner): Sql {
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const parameters: SqlValue[] = [];
    const statement = write({ text, values }, parameters, true);
    const { records } = await runner.query(statement, parameters, true);
    return (records ?? []) as Row[]; // The caller names the columns that its own statement gives.
  };
}

/** Different statements that a connection keeps prepared; the code has fewer. */
const KEPT_STATEMENTS = 500;

/**
 * Makes the template tag that runs statements on the connection to SQLite: prepared once, and executed without a detour, for a statement
 * of the run store takes a few microseconds.
 */
export function sqliteSql(connection: BetterSqlite3.Database): Sql {
  const prepared = new LRUCache<string, BetterSqlite3.Statement<SqlValue[]>>({ max: KEPT_STATEMENTS });
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const parameters: SqlValue[] = [];
    const written = write({ text, values }, parameters, false);
    let statement = prepared.get(written);
    if (!statement) {
      statement = connection.prepare<SqlValue[]>(written);
      prepared.set(written, statement);
    }
    if (statement.reader) return statement.all(...parameters) as Row[]; // The caller names the columns that its own statement gives.
    statement.run(...parameters);
    return [];
  };
}

function write({ text, values }: Fragment, parameters: SqlValue[], numbered: boolean): string {
  const place = (value: SqlValue | Fragment): string => {
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
      return write(value, parameters, numbered);
    parameters.push(value);
    return numbered ? `$${parameters.length}` : '?';
  };
  let statement = text[0] ?? '';
  for (const [index, value] of values.entries()) {
    statement += Array.isArray(value) ? value.map(place).join(', ') : place(value as SqlValue | Fragment);
    statement += text[index + 1];
  }
  return statement;
}
