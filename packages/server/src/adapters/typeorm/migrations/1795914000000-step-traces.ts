import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/** What each step depended on when its result was last kept, so that the next one can say why it was executed again. */
export class StepTraces1795914000000 implements MigrationInterface {
  readonly name = 'StepTraces1795914000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, json, moment } = migrationTypes(runner);
    await createTable(
      runner,
      'step_trace',
      { workspace_id: key(uuid), workflow_id: key(uuid), node: key(text), trace: json, updated_at: moment },
      { foreignKeys: [pointsTo('workspace', 'workspace_id')] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('step_trace');
  }
}
