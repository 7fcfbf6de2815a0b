import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationTypes } from './table-builder.ts';

/** A charge keeps what its node was called, and its type: the workflow may change, and the run may be removed. */
export class ChargedNodes1796500000000 implements MigrationInterface {
  readonly name = 'ChargedNodes1796500000000';

  async up(runner: QueryRunner): Promise<void> {
    const { type } = migrationTypes(runner).text;
    for (const column of ['node_name', 'node_type'])
      await runner.query(`ALTER TABLE credit_transfer ADD COLUMN ${column} ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['node_type', 'node_name'])
      await runner.query(`ALTER TABLE credit_transfer DROP COLUMN ${column}`);
  }
}
