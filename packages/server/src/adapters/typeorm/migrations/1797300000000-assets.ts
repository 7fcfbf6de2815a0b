import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

/** Pictures that can be found again, what runs made of them, who is told of it, and the workflows that those runs belong to. */
export class Assets1797300000000 implements MigrationInterface {
  readonly name = 'Assets1797300000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer, bigint, json, moment } = migrationTypes(runner);
    const file = (column: string) => pointsTo('file', ['workspace_id', column], { to: ['workspace_id', 'id'] });
    await runner.query(`ALTER TABLE workflow ADD COLUMN built_in ${text.type}`);
    await runner.query(
      'CREATE UNIQUE INDEX uq_workflow_built_in ON workflow (workspace_id, built_in) WHERE built_in IS NOT NULL',
    );
    await createTable(
      runner,
      'asset',
      {
        ...{ id: key(uuid), workspace_id: uuid, name: text },
        ...{ source_app: optional(text), source_id: optional(text) },
        ...{ original: optional(json), original_id: optional(text), original_state: { ...text, default: "'kept'" } },
        ...{ created_at: moment, updated_at: moment },
      },
      {
        uniques: [{ name: 'uq_asset_in_workspace', columnNames: ['workspace_id', 'id'] }],
        checks: [
          { name: 'ck_asset_original_state', expression: "original_state IN ('kept', 'archived', 'removed')" },
          { name: 'ck_asset_original', expression: "(original_state = 'kept') = (original_id IS NOT NULL)" },
        ],
        indices: [
          { name: 'ix_asset_newest', columnNames: ['workspace_id', 'created_at', 'id'] },
          { name: 'ix_asset_original', columnNames: ['workspace_id', 'original_id'] },
          {
            ...{ name: 'uq_asset_source', columnNames: ['workspace_id', 'source_app', 'source_id'] },
            ...{ isUnique: true, where: 'source_id IS NOT NULL' },
          },
        ],
        foreignKeys: [pointsTo('workspace', 'workspace_id'), file('original_id')],
      },
    );
    await createTable(
      runner,
      'asset_version',
      {
        ...{ id: key(uuid), workspace_id: uuid, asset_id: uuid, number: integer, tier: text },
        ...{ run_id: uuid, place: integer, item: integer, state: optional(text) },
        ...{ credits_quoted: bigint, credits_spent: { ...bigint, default: 0 }, estimate_ms: bigint },
        ...{ file: optional(json), file_id: optional(text), error: optional(json), left_out: json },
        ...{ created_at: moment, ended_at: optional(moment) },
      },
      {
        uniques: [
          { name: 'uq_asset_version_number', columnNames: ['asset_id', 'number'] },
          { name: 'uq_asset_version_run', columnNames: ['run_id', 'place'] },
        ],
        checks: [{ name: 'ck_asset_version_number', expression: 'number > 0' }],
        indices: [
          { name: 'ix_asset_version_file', columnNames: ['workspace_id', 'file_id'] },
          { name: 'ix_asset_version_open', columnNames: ['created_at'], where: 'ended_at IS NULL' },
        ],
        foreignKeys: [
          pointsTo('asset', ['workspace_id', 'asset_id'], { to: ['workspace_id', 'id'], onDelete: 'CASCADE' }),
          file('file_id'),
        ],
      },
    );
    await createTable(
      runner,
      'webhook_delivery',
      {
        ...{ id: key(uuid), workspace_id: uuid, version_id: uuid, url: text, body: optional(text) },
        ...{ state: text, attempts: { ...integer, default: 0 }, next_at: optional(moment), error: optional(text) },
      },
      {
        uniques: [{ name: 'uq_webhook_delivery_version', columnNames: ['version_id'] }],
        checks: [{ name: 'ck_webhook_delivery_state', expression: "state IN ('waiting', 'due', 'sent', 'dead')" }],
        indices: [{ name: 'ix_webhook_delivery_due', columnNames: ['next_at'], where: "state = 'due'" }],
        foreignKeys: [
          pointsTo('workspace', 'workspace_id'),
          pointsTo('asset_version', 'version_id', { onDelete: 'CASCADE' }),
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['webhook_delivery', 'asset_version', 'asset']) await runner.dropTable(table);
    await runner.query('DROP INDEX uq_workflow_built_in');
    await runner.query('ALTER TABLE workflow DROP COLUMN built_in');
  }
}
