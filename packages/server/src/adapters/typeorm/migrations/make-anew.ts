import type { QueryRunner } from 'typeorm';

interface SchemaRow {
  name: string;
  sql: string;
}

/**
 * Makes a table of SQLite anew, with the same rows, constraints and indices; triggers that name it are dropped before.
 * @param keptBy without row numbers, rows are kept by their key alone: one tree less to write, and a range of keys is read in one go.
 */
export async function makeAnew(runner: QueryRunner, table: string, keptBy: 'WITHOUT ROWID' | ''): Promise<void> {
  const [made]: SchemaRow[] = await runner.query(
    `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name = '${table}'`,
  );
  const indices: SchemaRow[] = await runner.query(
    `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '${table}' AND sql IS NOT NULL`,
  );
  if (!made) throw new Error(`The table ${table} is missing.`);
  const other = `${table}_other`;
  const columns = made.sql.replace(`"${table}"`, `"${other}"`).replace(/ WITHOUT ROWID$/, '');
  await runner.query(`${columns} ${keptBy}`);
  await runner.query(`INSERT INTO ${other} SELECT * FROM ${table} ORDER BY 1`);
  await runner.query(`DROP TABLE ${table}`);
  await runner.query(`ALTER TABLE ${other} RENAME TO ${table}`);
  for (const { sql } of indices) await runner.query(sql);
}
