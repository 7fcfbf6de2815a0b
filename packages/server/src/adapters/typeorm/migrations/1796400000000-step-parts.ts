import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrationTypes } from './table-builder.ts';

/** The journal of a run has the calls of its steps at work, too. */
export class StepParts1796400000000 implements MigrationInterface {
  readonly name = 'StepParts1796400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE run_journal ADD COLUMN parts ${migrationTypes(runner).json.type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run_journal DROP COLUMN parts');
  }
}
