import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether anybody owns a file is asked for each file of the disk once a day. */
export class FileOwners1796350000000 implements MigrationInterface {
  readonly name = 'FileOwners1796350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_file_id ON file (id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_file_id');
  }
}
