import { type QueryRunner, Table, type TableColumnOptions, type TableOptions } from 'typeorm';
import { type ColumnTypes, columnTypes } from '../tables/column-types.ts';

type Column = Omit<TableColumnOptions, 'name'>;

/** The physical column types of the database that a migration runs on. */
export function migrationTypes(runner: QueryRunner): Record<keyof ColumnTypes, Column> {
  const types = columnTypes(runner.dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite');
  const physical = ({ type, precision }: ColumnTypes[keyof ColumnTypes]): Column => ({ type: String(type), precision });
  return {
    uuid: physical(types.uuid),
    text: physical(types.text),
    integer: physical(types.integer),
    bigint: physical(types.bigint),
    json: physical(types.json),
    moment: physical(types.moment),
    bytes: physical(types.bytes),
  };
}

export function key(column: Column): Column {
  return { ...column, isPrimary: true };
}

export function optional(column: Column): Column {
  return { ...column, isNullable: true };
}

/** Makes a table; columns are written as `{ name: type }`. */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: Record<string, Column>,
  rest: Omit<TableOptions, 'name' | 'columns'> = {},
): Promise<void> {
  const named = Object.entries(columns).map(([column, type]) => ({ name: column, ...type }));
  await runner.createTable(new Table({ name, columns: named, ...rest }));
}

/** A foreign key to a table's `id`, or to the columns named. */
export function pointsTo(
  table: string,
  columns: string | string[],
  { to = ['id'], onDelete }: { to?: string[]; onDelete?: 'CASCADE' | 'RESTRICT' } = {},
): NonNullable<TableOptions['foreignKeys']>[number] {
  return { referencedTableName: table, columnNames: [columns].flat(), referencedColumnNames: to, onDelete };
}
