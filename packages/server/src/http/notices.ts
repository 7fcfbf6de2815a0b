import type { Handlers } from './handler.ts';

/** What the caller is told; nobody reads what others are. */
export function noticeHandlers(): Pick<Handlers, 'listNotices' | 'readNotices'> {
  return {
    listNotices: ({ principal, stores, query }) => stores.notices.list(principal.user.id, query),

    async readNotices({ principal, stores, body }) {
      return { unread: await stores.notices.read(principal.user.id, body) };
    },
  };
}
