import type { NoticeAbout } from '@imaginarium/protocol';
import { EntitySchema } from 'typeorm';
import type { ColumnTypes } from './column-types.ts';

/** Something that a person is told, written in the transaction that it is about. */
interface NoticeRow {
  id: string;
  workspaceId: string;
  userId: string;
  /** What makes it one notice: nobody is told the same twice. */
  subject: string;
  about: NoticeAbout;
  createdAt: string;
  readAt: string | null;
}

export function noticeTables({ uuid, text, json, moment }: ColumnTypes) {
  return [
    new EntitySchema<NoticeRow>({
      name: 'notice',
      columns: {
        id: { ...uuid, primary: true },
        workspaceId: uuid,
        userId: uuid,
        subject: text,
        about: json,
        createdAt: moment,
        readAt: { ...moment, nullable: true },
      },
      uniques: [{ name: 'uq_notice_subject', columns: ['workspaceId', 'userId', 'subject'] }],
      indices: [
        { name: 'ix_notice_newest', columns: ['workspaceId', 'userId', 'createdAt', 'id'] },
        { name: 'ix_notice_unread', columns: ['workspaceId', 'userId'], where: 'read_at IS NULL' },
        { name: 'ix_notice_oldest', columns: ['createdAt'] },
      ],
      foreignKeys: [
        { target: 'workspace', columnNames: ['workspaceId'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
        { target: 'user_account', columnNames: ['userId'], referencedColumnNames: ['id'], onDelete: 'CASCADE' },
      ],
    }),
  ];
}
