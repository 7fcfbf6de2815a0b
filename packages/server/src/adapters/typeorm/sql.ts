import type BetterSqlite3 from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';

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

/**
 * Makes the template tag that runs statements on one connection to PostgreSQL. A statement is prepared under a name where its text is the
 * same each time, so that PostgreSQL reads and plans it once for each connection.
 */
export function postgresSql(runner: QueryRunner): Sql {
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const { statement, parameters, hasLists } = write({ text, values }, true);
    // Another connection would be outside of the transaction that this one is in.
    if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const client: pg.ClientBase = await runner.connect();
    const name = hasLists ? undefined : nameOf(statement);
    const { rows } = await client.query<Row>({ text: statement, values: parameters, ...(name ? { name } : {}) });
    return rows;
  };
}

/** Names of prepared statements by their text, the same on all connections. */
const names = new Map<string, string>();

/** Undefined once there are so many that their texts cannot all come from the code. */
function nameOf(statement: string): string | undefined {
  const known = names.get(statement);
  if (known !== undefined || names.size >= KEPT_STATEMENTS) return known;
  const name = `imaginarium_${names.size + 1}`;
  names.set(statement, name);
  return name;
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
    const { statement: written, parameters } = write({ text, values }, false);
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

interface Written {
  statement: string;
  parameters: SqlValue[];
  /** Whether its text depends on how long a list is. */
  hasLists: boolean;
}

/** @param numbered whether places of parameters are numbered, as PostgreSQL has them. */
function write(whole: Fragment, numbered: boolean): Written {
  const parameters: SqlValue[] = [];
  let hasLists = false;
  const place = (value: SqlValue | Fragment): string => {
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) return textOf(value);
    parameters.push(value);
    return numbered ? `$${parameters.length}` : '?';
  };
  const textOf = ({ text, values }: Fragment): string => {
    let statement = text[0] ?? '';
    for (const [index, value] of values.entries()) {
      hasLists ||= Array.isArray(value);
      statement += Array.isArray(value) ? value.map(place).join(', ') : place(value as SqlValue | Fragment);
      statement += text[index + 1];
    }
    return statement;
  };
  return { statement: textOf(whole), parameters, hasLists };
}
