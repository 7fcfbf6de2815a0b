import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds when an asset of a workspace changed last, which is asked every other second for those who look at them. */
export class AssetChanges1797960000000 implements MigrationInterface {
  readonly name = 'AssetChanges1797960000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_asset_changed ON asset (workspace_id, updated_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_asset_changed');
  }
}
