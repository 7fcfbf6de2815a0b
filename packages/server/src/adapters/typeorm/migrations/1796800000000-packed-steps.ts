import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationTypes } from './table-builder.ts';

/** Steps with many items are kept compressed, in the place of their JSON. */
export class PackedSteps1796800000000 implements MigrationInterface {
  readonly name = 'PackedSteps1796800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE run_journal ADD COLUMN packed_steps ${migrationTypes(runner).bytes.type}`);
  }

  /** What is packed stays behind: no command undoes a change of the tables. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run_journal DROP COLUMN packed_steps');
  }
}
