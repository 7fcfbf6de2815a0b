import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes } from './table-builder.ts';

/** What each person used of what is limited, in the window that is open. */
export class PersonUses1796450000000 implements MigrationInterface {
  readonly name = 'PersonUses1796450000000';

  async up(runner: QueryRunner): Promise<void> {
    const { text, integer, moment } = migrationTypes(runner);
    await createTable(runner, 'person_use', { user_id: key(text), what: key(text), used: integer, until: moment });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('person_use');
  }
}
