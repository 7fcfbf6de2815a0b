import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes } from './table-builder.ts';

/** Files that are read where they lie, and what they were when they were registered. */
export class FilesInPlace1797900000000 implements MigrationInterface {
  readonly name = 'FilesInPlace1797900000000';

  async up(runner: QueryRunner): Promise<void> {
    const { text, json, moment } = migrationTypes(runner);
    await createTable(
      runner,
      'file_in_place',
      { path: key(text), file_id: text, ref: json, written_ns: text, registered_at: moment },
      { indices: [{ name: 'ix_file_in_place_file', columnNames: ['file_id', 'registered_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('file_in_place');
  }
}
