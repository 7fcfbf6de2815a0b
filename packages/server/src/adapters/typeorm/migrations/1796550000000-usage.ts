import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/**
 * Charges say what they were for, and reservations for whom. Every charge and refund is noted to be counted; usage_day is what was counted.
 */
export class Usage1796550000000 implements MigrationInterface {
  readonly name = 'Usage1796550000000';

  async up(runner: QueryRunner): Promise<void> {
    const types = migrationTypes(runner);
    const { uuid, text, integer, bigint } = types;
    // Not by the library, which makes a table anew on SQLite and loses its triggers.
    const add = (table: string, column: string, type: keyof typeof types) =>
      runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${types[type].type}`);
    await add('credit_transfer', 'node_version', 'integer');
    await add('credit_transfer', 'items', 'integer');
    await add('credit_transfer', 'duration_ms', 'bigint');
    await add('credit_transfer', 'pool', 'text');
    await add('credit_reservation', 'workflow_id', 'uuid');
    await add('credit_reservation', 'workflow_name', 'text');
    await add('credit_reservation', 'created_by', 'text');
    for (const column of ['workflow_id', 'workflow_name', 'created_by'])
      await runner.query(
        `UPDATE credit_reservation SET ${column} = (SELECT ${column} FROM run WHERE run.id = credit_reservation.run_id)`,
      );
    await createTable(runner, 'usage_pending', { transfer_id: key(uuid), workspace_id: uuid });
    await createTable(
      runner,
      'usage_day',
      {
        ...{ workspace_id: key(uuid), day: key(text), workflow_id: key(text), node_type: key(text), person: key(text) },
        ...{ steps: integer, items: bigint, credits: bigint, refunded: bigint, duration_ms: bigint },
      },
      { foreignKeys: [pointsTo('workspace', 'workspace_id')] },
    );
    await runner.query(
      `INSERT INTO usage_pending (transfer_id, workspace_id)
       SELECT id, workspace_id FROM credit_transfer WHERE kind IN ('charge', 'refund')`,
    );
    const postgres = runner.dataSource.options.type === 'postgres';
    for (const statement of postgres ? POSTGRES_NOTE : SQLITE_NOTE) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query(`DROP TRIGGER credit_transfer_used${postgres ? ' ON credit_transfer' : ''}`);
    if (postgres) await runner.query('DROP FUNCTION credit_transfer_used()');
    for (const table of ['usage_day', 'usage_pending']) await runner.dropTable(table);
    for (const column of ['created_by', 'workflow_name', 'workflow_id'])
      await runner.query(`ALTER TABLE credit_reservation DROP COLUMN ${column}`);
    for (const column of ['pool', 'duration_ms', 'items', 'node_version'])
      await runner.query(`ALTER TABLE credit_transfer DROP COLUMN ${column}`);
  }
}

// The database notes it itself: a charge that nobody counts is as impossible as one without entries.
export const SQLITE_NOTE = [
  `CREATE TRIGGER credit_transfer_used AFTER INSERT ON credit_transfer WHEN NEW.kind IN ('charge', 'refund') BEGIN
    INSERT INTO usage_pending (transfer_id, workspace_id) VALUES (NEW.id, NEW.workspace_id);
  END`,
];

const POSTGRES_NOTE = [
  `CREATE FUNCTION credit_transfer_used() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  BEGIN
    INSERT INTO usage_pending (transfer_id, workspace_id) VALUES (NEW.id, NEW.workspace_id);
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER credit_transfer_used AFTER INSERT ON credit_transfer
    FOR EACH ROW WHEN (NEW.kind IN ('charge', 'refund')) EXECUTE FUNCTION credit_transfer_used()`,
];
