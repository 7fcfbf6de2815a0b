import type { Notice, NoticeAbout } from '@imaginarium/protocol';
import { validate } from 'uuid';
import type { NoticeList, Person, UnreadCounts } from '../../notices/notice-list.ts';
import { tellPerson } from './books/tell.ts';
import { pageOf, readCursor } from './database/cursor.ts';
import type { Database, Transaction } from './database/database.ts';
import { asUuid } from './database/identifiers.ts';
import { type Fragment, fragment } from './database/sql.ts';

interface NoticeRow {
  id: string;
  about: string;
  created_at: string;
  read_at: string | null;
}

/** What people of one workspace are told, in the database. */
export class SqlNoticeList implements NoticeList {
  readonly #database: Database;
  readonly #workspaceId: string;

  constructor(database: Database, workspaceId: string) {
    this.#database = database;
    this.#workspaceId = workspaceId;
  }

  list(userId: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const place = cursor === undefined ? undefined : readCursor(cursor, validate);
    const own = this.#of(userId);
    return this.#database.read(async (transaction) => {
      const rows = await transaction.sql<NoticeRow>`
        SELECT id, about, created_at, read_at FROM notice WHERE ${own}
        ${place ? fragment`AND (created_at, id) < (${place.createdAt}, ${place.id})` : fragment``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`;
      const { page, nextCursor } = pageOf(rows, limit, (row) => ({ createdAt: row.created_at, id: row.id }));
      return { notices: page.map(noticeOf), nextCursor, unread: await countUnread(transaction, own) };
    });
  }

  read(userId: string, which: { ids: readonly string[] } | { upTo: string }): Promise<number> {
    const own = this.#of(userId);
    const now = new Date().toISOString();
    const named =
      'ids' in which
        ? fragment`id IN (${which.ids.map(asUuid).filter((id) => id !== undefined)})`
        : fragment`created_at <= ${which.upTo}`;
    return this.#database.write(async (transaction) => {
      await transaction.sql`UPDATE notice SET read_at = ${now} WHERE ${own} AND read_at IS NULL AND ${named}`;
      return countUnread(transaction, own);
    });
  }

  async tell(userId: string, notice: { subject: string; about: NoticeAbout }): Promise<void> {
    const now = new Date().toISOString();
    await this.#database.write((transaction) =>
      tellPerson(transaction, { workspaceId: this.#workspaceId, userId }, { ...notice, now }),
    );
  }

  #of(userId: string): Fragment {
    return fragment`workspace_id = ${this.#workspaceId} AND user_id = ${userId}`;
  }
}

/** Counts for all who listen, in the database. */
export class SqlUnreadCounts implements UnreadCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(people: readonly Person[]): Promise<number[]> {
    const workspaces = [...new Set(people.map(({ workspaceId }) => workspaceId))];
    const users = [...new Set(people.map(({ userId }) => userId))];
    const rows = await this.#database.read(
      ({ sql }) => sql<{ workspace_id: string; user_id: string; unread: number }>`
        SELECT workspace_id, user_id, CAST(COUNT(*) AS integer) AS unread FROM notice
        WHERE workspace_id IN (${workspaces}) AND user_id IN (${users}) AND read_at IS NULL GROUP BY workspace_id, user_id`,
    );
    const counts = new Map(rows.map((row) => [`${row.workspace_id} ${row.user_id}`, row.unread]));
    return people.map(({ workspaceId, userId }) => counts.get(`${workspaceId} ${userId}`) ?? 0);
  }
}

async function countUnread({ sql }: Transaction, own: Fragment): Promise<number> {
  const [row] = await sql<{ unread: number }>`
    SELECT CAST(COUNT(*) AS integer) AS unread FROM notice WHERE ${own} AND read_at IS NULL`;
  return row?.unread ?? 0;
}

function noticeOf({ id, about, created_at, read_at }: NoticeRow): Notice {
  return { id, about: JSON.parse(about), createdAt: created_at, readAt: read_at };
}
