import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/** Which runs share what was agreed to for the first of them. */
export class Ceilings1797970000000 implements MigrationInterface {
  readonly name = 'Ceilings1797970000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, bigint } = migrationTypes(runner);
    await createTable(
      runner,
      'credit_ceiling',
      { run_id: key(uuid), workspace_id: uuid, ceiling_run_id: uuid, most: bigint },
      { foreignKeys: [pointsTo('workspace', 'workspace_id')] },
    );
    await runner.query('CREATE INDEX ix_credit_ceiling_runs ON credit_ceiling (ceiling_run_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('credit_ceiling');
  }
}
