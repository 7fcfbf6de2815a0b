import type { MigrationInterface, QueryRunner } from 'typeorm';
import { makeAnew } from './make-anew.ts';

/** SQLite keeps the figures of days by their key: those of a year are read in one go. */
export class LeanDays1797950000000 implements MigrationInterface {
  readonly name = 'LeanDays1797950000000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') await makeAnew(runner, 'usage_day', 'WITHOUT ROWID');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') await makeAnew(runner, 'usage_day', '');
  }
}
