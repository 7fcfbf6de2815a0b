import { z } from 'zod';
import type { Route } from '../route.ts';
import { daySchema, USAGE_BY, usageSchema } from '../usage.ts';

const query = {
  by: z.enum(USAGE_BY).default('day'),
  /** The first day; left out, 29 days before the last, so that 30 are shown. */
  from: daySchema.optional(),
  /** The last day; left out, today in UTC. */
  to: daySchema.optional(),
  workflowId: z.uuid().optional(),
  nodeType: z.string().min(1).max(200).optional(),
  /** The id of the person whose runs they were. */
  person: z.string().min(1).max(200).optional(),
};

/** What a workspace used: credits by day, workflow, node type and person. */
export const usageRoutes = {
  getUsage: {
    method: 'get',
    path: '/usage',
    tag: 'Credits',
    access: 'viewer',
    summary: 'Credits, steps and items by day, workflow, node type or person, in a range of at most 366 days in UTC',
    query: z.strictObject(query),
    response: usageSchema,
  },
  exportUsage: {
    method: 'get',
    path: '/usage.csv',
    tag: 'Credits',
    access: 'viewer',
    summary: 'The same as CSV',
    query: z.strictObject(query),
    response: 'bytes',
  },
} as const satisfies Record<string, Route>;
