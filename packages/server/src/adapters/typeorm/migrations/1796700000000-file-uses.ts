import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, pointsTo } from './table-builder.ts';

/**
 * Which runs name which files, so that files that runs made can go with the last run that names them. Files from before are taken for
 * uploads, which stay: nobody wrote down who made them.
 */
export class FileUses1796700000000 implements MigrationInterface {
  readonly name = 'FileUses1796700000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, integer } = migrationTypes(runner);
    await runner.query(`ALTER TABLE file ADD COLUMN made_by_run ${integer.type} NOT NULL DEFAULT 0`);
    await createTable(
      runner,
      'file_use',
      { workspace_id: key(uuid), file_id: key(text), run_id: key(uuid) },
      {
        indices: [{ name: 'ix_file_use_run', columnNames: ['run_id'] }],
        foreignKeys: [
          pointsTo('file', ['workspace_id', 'file_id'], { to: ['workspace_id', 'id'] }),
          pointsTo('run', 'run_id', { onDelete: 'CASCADE' }),
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('file_use');
    await runner.query('ALTER TABLE file DROP COLUMN made_by_run');
  }
}
