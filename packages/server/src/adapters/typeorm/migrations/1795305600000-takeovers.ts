import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs count how often they were taken from a worker that died. */
export class Takeovers1795305600000 implements MigrationInterface {
  readonly name = 'Takeovers1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run ADD COLUMN takeovers integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE run DROP COLUMN takeovers');
  }
}
