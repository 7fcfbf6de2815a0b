import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an asset has its original: what was made before was made of another one. */
export class OriginalTimes1797910000000 implements MigrationInterface {
  readonly name = 'OriginalTimes1797910000000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query(
      `ALTER TABLE asset ADD COLUMN original_since ${postgres ? 'timestamp(3) with time zone' : 'text'}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE asset DROP COLUMN original_since');
  }
}
