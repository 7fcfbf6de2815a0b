import { z } from 'zod';
import { LOG_LEVELS } from '../event.ts';
import type { Route } from '../route.ts';
import { idParams } from './shared.ts';

/** The logs of runs, as they are written. */
export const logRoutes = {
  followRunLog: {
    method: 'get',
    path: '/runs/:id/log',
    tag: 'Runs',
    access: 'viewer',
    summary:
      'The log of a run as server-sent events, until the run ends. The header Last-Event-ID goes on after an event',
    params: idParams,
    query: z.strictObject({
      /** Lines of this node only. */
      node: z.string().max(64).optional(),
      /** Lines of this level and above. */
      level: z.enum(LOG_LEVELS).default('debug'),
    }),
    response: 'bytes',
  },
} as const satisfies Record<string, Route>;
