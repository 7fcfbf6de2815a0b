import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationTypes } from './table-builder.ts';

/** What could not be taken back of credits whose money went back. */
export class ShortRefunds1797810000000 implements MigrationInterface {
  readonly name = 'ShortRefunds1797810000000';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = migrationTypes(runner).bigint;
    await runner.query(`ALTER TABLE billing_purchase ADD COLUMN missing ${type} NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE billing_purchase DROP COLUMN missing');
  }
}
