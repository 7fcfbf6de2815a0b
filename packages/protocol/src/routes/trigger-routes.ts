import { z } from 'zod';
import type { Route } from '../route.ts';
import { activationSchema, testHookSchema } from '../trigger.ts';
import { idParams } from './shared.ts';

/** Triggers: which version of a workflow listens, and trying a webhook out. Paths and keys are for those who may edit. */
export const triggerRoutes = {
  getActivation: {
    method: 'get',
    path: '/workflows/:id/activation',
    tag: 'Triggers',
    access: 'editor',
    summary: 'The version whose triggers listen, with their addresses; null when none does',
    params: idParams,
    response: z.strictObject({ activation: activationSchema.nullable() }),
  },
  activate: {
    method: 'post',
    path: '/workflows/:id/activation',
    tag: 'Triggers',
    access: 'editor',
    summary: "Let a version's triggers listen, in place of those of any other version",
    params: idParams,
    body: z.strictObject({ version: z.int().min(1) }),
    response: activationSchema,
  },
  deactivate: {
    method: 'delete',
    path: '/workflows/:id/activation',
    tag: 'Triggers',
    access: 'editor',
    summary: 'Let no trigger of the workflow listen any longer',
    params: idParams,
  },
  openTestHook: {
    method: 'post',
    path: '/workflows/:id/test-hook',
    tag: 'Triggers',
    access: 'editor',
    summary: 'A webhook path that starts the draft, for one hour; it replaces the one before',
    params: idParams,
    body: z.strictObject({ node: z.string().min(1).max(64) }),
    response: testHookSchema,
    status: 201,
  },
} as const satisfies Record<string, Route>;
