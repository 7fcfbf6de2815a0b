import type { QueryRunner } from 'typeorm';

/** What a statement may carry as a value. JSON goes in as text, moments as ISO 8601. */
export type SqlValue = string | number | null;

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

/** Makes the template tag that runs statements on one connection. */
export function sqlOn(runner: QueryRunner): Sql {
  const numbered = runner.dataSource.options.type === 'postgres';
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlPart[]) => {
    const parameters: SqlValue[] = [];
    const statement = write({ text, values }, parameters, numbered);
    const { records } = await runner.query(statement, parameters, true);
    return (records ?? []) as Row[]; // The caller names the columns that its own statement gives.
  };
}

function write({ text, values }: Fragment, parameters: SqlValue[], numbered: boolean): string {
  const place = (value: SqlValue | Fragment): string => {
    if (typeof value === 'object' && value !== null) return write(value, parameters, numbered);
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
