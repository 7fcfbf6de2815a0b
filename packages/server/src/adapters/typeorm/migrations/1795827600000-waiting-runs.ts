import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

/** Runs that wait, what for, and which run started them. */
export class WaitingRuns1795827600000 implements MigrationInterface {
  readonly name = 'WaitingRuns1795827600000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, json, moment } = migrationTypes(runner);
    await runner.query(`ALTER TABLE run ADD COLUMN parent ${json.type}`);
    const ofRun = [pointsTo('run', 'run_id', { onDelete: 'CASCADE' })];
    await createTable(runner, 'run_park', { run_id: key(uuid), memo: json }, { foreignKeys: ofRun });
    await createTable(
      runner,
      'run_wait',
      {
        ...{ id: key(uuid), run_id: uuid, workspace_id: uuid, node: text, iteration: text, call: integer, kind: text },
        ...{ about: json, child_run_id: optional(uuid), since: moment, due_at: optional(moment) },
        ...{ answer: optional(json), came_before: optional(json) },
      },
      {
        indices: [
          { name: 'ix_run_wait_of_run', columnNames: ['run_id'] },
          { name: 'ix_run_wait_due', columnNames: ['due_at'], where: 'answer IS NULL AND due_at IS NOT NULL' },
          { name: 'ix_run_wait_child', columnNames: ['child_run_id'], where: 'child_run_id IS NOT NULL' },
          { name: 'ix_run_wait_oldest', columnNames: ['workspace_id', 'kind', 'since'], where: 'answer IS NULL' },
        ],
        foreignKeys: ofRun,
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('run_wait');
    await runner.dropTable('run_park');
    await runner.query('ALTER TABLE run DROP COLUMN parent');
  }
}
