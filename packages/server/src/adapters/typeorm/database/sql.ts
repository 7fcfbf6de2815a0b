import type BetterSqlite3 from 'better-sqlite3';
import type pg from 'pg';
import { type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { StatementShapes } from './statement-shapes.ts';

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

/** Different statements that are kept prepared; the code has fewer, apart from lists of many lengths. */
const KEPT_STATEMENTS = 500;

/** Statements with the names that they are prepared under, the same on all connections. */
const named = new StatementShapes(KEPT_STATEMENTS, true, ({ statement, hasLists }) => {
  return { text: statement, ...(hasLists ? {} : nameOf(statement)) };
});
const names = new Map<string, string>();

/** No name once there are so many that their texts cannot all come from the code. */
function nameOf(statement: string): { name?: string } {
  const known = names.get(statement);
  if (known !== undefined) return { name: known };
  if (names.size >= KEPT_STATEMENTS) return {};
  const name = `imaginarium_${names.size + 1}`;
  names.set(statement, name);
  return { name };
}

/**
 * Makes the template tag that runs statements on one connection to PostgreSQL. A statement is prepared under a name where its text is the
 * same each time, so that PostgreSQL reads and plans it once for each connection.
 */
export function postgresSql(runner: QueryRunner): Sql {
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const { kept, parameters } = named.find({ text, values });
    // Another connection would be outside of the transaction that this one is in.
    if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const client: pg.ClientBase = await runner.connect();
    const { rows } = await client.query<Row>({ ...kept, values: parameters });
    return rows;
  };
}

/**
 * Makes the template tag that runs statements on the connection to SQLite: prepared once, and executed without a detour, for a statement
 * of the run store takes a few microseconds.
 */
export function sqliteSql(connection: BetterSqlite3.Database): Sql {
  const prepared = new StatementShapes(KEPT_STATEMENTS, false, ({ statement }) =>
    connection.prepare<SqlValue[]>(statement),
  );
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const { kept: statement, parameters } = prepared.find({ text, values });
    if (statement.reader) return statement.all(...parameters) as Row[]; // The caller names the columns that its own statement gives.
    statement.run(...parameters);
    return [];
  };
}
