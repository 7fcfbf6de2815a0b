import { z } from 'zod';
import type { Route } from '../route.ts';
import { decisionSchema, WAIT_KINDS, waitSchema } from '../wait.ts';
import { idParams } from './shared.ts';

/** What runs wait for, and people's answers. */
export const waitRoutes = {
  listWaits: {
    method: 'get',
    path: '/waits',
    tag: 'Waiting',
    access: 'viewer',
    summary: 'What runs wait for, what waits longest first; with kind "approval", the questions to people',
    query: z.strictObject({
      kind: z.enum(WAIT_KINDS).optional(),
      runId: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.strictObject({
      waits: z.array(waitSchema),
      /** How many there are in all. */
      total: z.int().min(0),
    }),
  },
  answerWait: {
    method: 'post',
    path: '/waits/:id/answer',
    tag: 'Waiting',
    access: 'viewer',
    summary: 'Approve or reject what a run asks about, as far as the workflow lets the caller',
    params: idParams,
    body: decisionSchema,
  },
} as const satisfies Record<string, Route>;
