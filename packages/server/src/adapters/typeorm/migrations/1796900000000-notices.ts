import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, key, migrationTypes, optional, pointsTo } from './table-builder.ts';

/** What people are told in the app. */
export class Notices1796900000000 implements MigrationInterface {
  readonly name = 'Notices1796900000000';

  async up(runner: QueryRunner): Promise<void> {
    const { uuid, text, json, moment } = migrationTypes(runner);
    await createTable(
      runner,
      'notice',
      {
        ...{ id: key(uuid), workspace_id: uuid, user_id: uuid, subject: text, about: json },
        ...{ created_at: moment, read_at: optional(moment) },
      },
      {
        uniques: [{ name: 'uq_notice_subject', columnNames: ['workspace_id', 'user_id', 'subject'] }],
        indices: [
          { name: 'ix_notice_newest', columnNames: ['workspace_id', 'user_id', 'created_at', 'id'] },
          { name: 'ix_notice_unread', columnNames: ['workspace_id', 'user_id'], where: 'read_at IS NULL' },
          { name: 'ix_notice_oldest', columnNames: ['created_at'] },
        ],
        foreignKeys: [
          pointsTo('workspace', 'workspace_id', { onDelete: 'CASCADE' }),
          pointsTo('user_account', 'user_id', { onDelete: 'CASCADE' }),
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('notice');
  }
}
