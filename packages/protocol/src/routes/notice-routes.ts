import { z } from 'zod';
import { noticeSchema } from '../notice.ts';
import type { Route } from '../route.ts';
import { limit } from './shared.ts';

const unread = z.int().min(0);

/** What the caller is told in the app. */
export const noticeRoutes = {
  listNotices: {
    method: 'get',
    path: '/notices',
    tag: 'Notices',
    access: 'viewer',
    summary: 'What the caller was told: runs of theirs that failed, and credits that run low. The newest first',
    query: z.strictObject({ limit, cursor: z.string().max(200).optional() }),
    response: z.strictObject({
      notices: z.array(noticeSchema),
      nextCursor: z.string().nullable(),
      /** How many of all the caller has not read. */
      unread,
    }),
  },
  readNotices: {
    method: 'post',
    path: '/notices/read',
    tag: 'Notices',
    access: 'viewer',
    summary: 'Mark notices of the caller as read: those that are named, or all that were made up to a moment',
    body: z.union([
      z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }),
      z.strictObject({ upTo: z.iso.datetime() }),
    ]),
    response: z.strictObject({ unread }),
  },
} as const satisfies Record<string, Route>;
