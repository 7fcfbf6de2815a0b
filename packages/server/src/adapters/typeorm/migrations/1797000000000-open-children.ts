import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that others started and that have not ended are looked through again and again, for those whose parent has. */
export class OpenChildren1797000000000 implements MigrationInterface {
  readonly name = 'OpenChildren1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX ix_run_open_children ON run (id) WHERE parent IS NOT NULL AND finished_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_run_open_children');
  }
}
