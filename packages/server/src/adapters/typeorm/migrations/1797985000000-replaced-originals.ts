import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationTypes } from './table-builder.ts';

/** What an asset had before an upscale brought it another original: it gets that back where the upscale comes to nothing. */
export class ReplacedOriginals1797985000000 implements MigrationInterface {
  readonly name = 'ReplacedOriginals1797985000000';

  async up(runner: QueryRunner): Promise<void> {
    const { text, json } = migrationTypes(runner);
    await runner.query(`ALTER TABLE asset_version ADD COLUMN replaced ${json.type}`);
    await runner.query(`ALTER TABLE asset_version ADD COLUMN replaced_id ${text.type}`);
    await runner.query(
      'CREATE INDEX ix_asset_version_replaced ON asset_version (workspace_id, replaced_id) WHERE replaced_id IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_asset_version_replaced');
    for (const column of ['replaced', 'replaced_id'])
      await runner.query(`ALTER TABLE asset_version DROP COLUMN ${column}`);
  }
}
