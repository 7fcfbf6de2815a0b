import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/** Runs may be put off, the queue may be paused, failed runs may be dismissed, and workers say that they are there. */
export class Queue1795564800000 implements MigrationInterface {
  readonly name = 'Queue1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, json, moment } = migrationTypes(runner);
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const momentType = isPostgres ? 'timestamp(3) with time zone' : 'text';
    await runner.query(`ALTER TABLE run ADD COLUMN not_before ${momentType}`);
    await runner.query(`ALTER TABLE run ADD COLUMN dismissed_at ${momentType}`);
    await runner.query('ALTER TABLE run ADD COLUMN error_code text');
    await runner.query(
      `UPDATE run SET error_code = ${isPostgres ? "error ->> 'code'" : "json_extract(error, '$.code')"} WHERE error IS NOT NULL`,
    );
    await runner.query(
      "CREATE INDEX ix_run_failures ON run (workspace_id, created_at, id) WHERE state = 'failed' AND dismissed_at IS NULL",
    );
    await runner.query('DROP INDEX ix_run_outbox_order');
    await runner.query('CREATE INDEX ix_run_outbox_turn ON run_outbox (workspace_id, priority DESC, seq)');
    await createTable(
      runner,
      'run_delayed',
      { run_id: key(uuid), workspace_id: uuid, priority: integer, due_at: moment },
      {
        indices: [{ name: 'ix_run_delayed_due', columnNames: ['due_at'] }],
        foreignKeys: [pointsTo('run', 'run_id', { onDelete: 'CASCADE' })],
      },
    );
    await createTable(runner, 'queue_pause', { scope: key(text), paused_at: moment, paused_by: text });
    await createTable(runner, 'worker', {
      ...{ id: key(text), host: text, version: text, started_at: moment, seen_at: moment },
      ...{ concurrency: integer, running: integer, packages: json, pools: json },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('worker');
    await runner.dropTable('queue_pause');
    await runner.dropTable('run_delayed');
    await runner.query('DROP INDEX ix_run_outbox_turn');
    await runner.query('CREATE INDEX ix_run_outbox_order ON run_outbox (priority DESC, seq)');
    await runner.query('DROP INDEX ix_run_failures');
    for (const column of ['error_code', 'dismissed_at', 'not_before'])
      await runner.query(`ALTER TABLE run DROP COLUMN ${column}`);
  }
}
