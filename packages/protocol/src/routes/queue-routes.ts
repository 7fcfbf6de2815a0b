import { z } from 'zod';
import { queueStateSchema } from '../queue.ts';
import type { Route } from '../route.ts';

const scope = z.strictObject({
  /** One workspace; left out, the whole installation. */
  workspaceId: z.uuid().optional(),
});

/** The queue of the installation, for its owner. */
export const queueRoutes = {
  getQueue: {
    method: 'get',
    path: '/queue',
    tag: 'Queue',
    access: 'owner',
    summary: 'What waits, which workers are there, and what is paused',
    response: queueStateSchema,
  },
  pauseQueue: {
    method: 'post',
    path: '/queue/pause',
    tag: 'Queue',
    access: 'owner',
    summary: 'Let no run begin, in a workspace or anywhere; those that have begun go on',
    body: scope,
    response: queueStateSchema,
  },
  resumeQueue: {
    method: 'post',
    path: '/queue/resume',
    tag: 'Queue',
    access: 'owner',
    summary: 'Let runs begin again',
    body: scope,
    response: queueStateSchema,
  },
} as const satisfies Record<string, Route>;
