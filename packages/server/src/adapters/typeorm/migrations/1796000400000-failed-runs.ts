import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/** Failed runs whose failure has still to be told. */
export class FailedRuns1796000400000 implements MigrationInterface {
  readonly name = 'FailedRuns1796000400000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, integer } = migrationTypes(runner);
    await createTable(
      runner,
      'run_failed',
      { seq: { ...key(integer), isGenerated: true, generationStrategy: 'increment' }, run_id: uuid },
      {
        uniques: [{ name: 'uq_run_failed_run', columnNames: ['run_id'] }],
        foreignKeys: [pointsTo('run', 'run_id', { onDelete: 'CASCADE' })],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('run_failed');
  }
}
