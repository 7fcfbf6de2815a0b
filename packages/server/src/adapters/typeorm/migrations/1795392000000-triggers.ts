import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

/** Triggers that listen. */
export class Triggers1795392000000 implements MigrationInterface {
  readonly name = 'Triggers1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, json, moment } = migrationTypes(runner);
    await createTable(
      runner,
      'workflow_trigger',
      {
        ...{ id: key(uuid), workspace_id: uuid, workflow_id: uuid, version: optional(integer), node: text },
        ...{ settings: json, token_hash: optional(text), next_at: optional(moment), expires_at: optional(moment) },
        ...{ created_by: text, created_at: moment },
      },
      {
        uniques: [{ name: 'uq_workflow_trigger_token', columnNames: ['token_hash'] }],
        indices: [
          { name: 'ix_workflow_trigger_of_workflow', columnNames: ['workspace_id', 'workflow_id'] },
          { name: 'ix_workflow_trigger_due', columnNames: ['next_at'], where: 'next_at IS NOT NULL' },
        ],
        foreignKeys: [pointsTo('workflow', ['workspace_id', 'workflow_id'], { to: ['workspace_id', 'id'] })],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('workflow_trigger');
  }
}
