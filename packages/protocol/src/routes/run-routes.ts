import { z } from 'zod';
import { ERROR_CODES, failureSchema } from '../error.ts';
import { runEventSchema } from '../event.ts';
import { jsonObjectSchema } from '../item.ts';
import { iterationSchema } from '../iteration.ts';
import { workspaceQuoteSchema } from '../quote.ts';
import { loopIterationSchema, runChangesSchema, runDetailSchema } from '../resources.ts';
import type { Route } from '../route.ts';
import { RUN_STATES, runSchema, STEP_STATES, stepSchema } from '../run.ts';
import { stateCountsSchema } from '../state-counts.ts';
import { idParams, limit } from './shared.ts';

/** Which part of a workflow runs; all of it where neither is given. */
const part = {
  /** The node to stop at: it and what it depends on execute, the rest is skipped. */
  until: z.string().max(64).optional(),
  /** The node to begin at: it and what follows execute, what comes before is taken over from an earlier run of the workflow. */
  from: z.strictObject({ runId: z.uuid(), node: z.string().max(64) }).optional(),
};

/** Runs: quoted, started, followed and ended. */
export const runRoutes = {
  quoteRun: {
    method: 'post',
    path: '/workflows/:id/quote',
    tag: 'Runs',
    access: 'viewer',
    summary: 'Credits and time of a run of the draft or a version, or of a part of it, before it starts',
    params: idParams,
    body: z.strictObject({ inputs: jsonObjectSchema.optional(), version: z.int().min(1).optional(), ...part }),
    response: workspaceQuoteSchema,
  },
  startRun: {
    method: 'post',
    path: '/workflows/:id/runs',
    tag: 'Runs',
    access: 'editor',
    summary: 'Run the draft or a version. The header Idempotency-Key makes a repeat answer with the first run',
    params: idParams,
    body: z.strictObject({
      inputs: jsonObjectSchema.optional(),
      version: z.int().min(1).optional(),
      /** Added to what the nodes of the workflow say: 0 to 90, default 0. */
      priority: z.int().min(0).max(90).optional(),
      /** Not to begin before this moment, at most a year ahead. */
      notBefore: z.iso.datetime().optional(),
      /**
       * The most it may cost, such as what somebody was shown: it is refused when it is quoted at more, and a step that would bring it above
       * that fails before it begins.
       */
      maxCredits: z.int().min(0).optional(),
      ...part,
    }),
    response: runSchema,
    status: 202,
  },
  listRuns: {
    method: 'get',
    path: '/runs',
    tag: 'Runs',
    access: 'viewer',
    summary: 'List runs, the newest first',
    query: z.strictObject({
      workflowId: z.uuid().optional(),
      state: z.enum(RUN_STATES).optional(),
      /** The code of the failure that ended it. */
      errorCode: z.enum(ERROR_CODES).optional(),
      /** Only failed runs that somebody dismissed, or only those that nobody did. */
      dismissed: z.enum(['true', 'false']).optional(),
      createdAfter: z.iso.datetime().optional(),
      createdBefore: z.iso.datetime().optional(),
      limit,
      cursor: z.string().max(200).optional(),
    }),
    response: z.strictObject({ runs: z.array(runSchema), nextCursor: z.string().nullable() }),
  },
  getRun: {
    method: 'get',
    path: '/runs/:id',
    tag: 'Runs',
    access: 'viewer',
    summary: 'A run with its steps and the graph it ran',
    params: idParams,
    response: runDetailSchema,
  },
  getRunChanges: {
    method: 'get',
    path: '/runs/:id/changes',
    tag: 'Runs',
    access: 'viewer',
    summary:
      'A run as it stands, with the steps that were written since somebody looked at it: for who looks at a large one again and again',
    params: idParams,
    query: z.strictObject({
      /** The `cursor` of an earlier answer; 0 gives all steps. */
      after: z.coerce.number().int().min(0).default(0),
    }),
    response: runChangesSchema,
  },
  listRunSteps: {
    method: 'get',
    path: '/runs/:id/steps',
    tag: 'Runs',
    access: 'viewer',
    summary: 'The steps of a run, or of one of its nodes: inside of a loop one for each iteration, in their order',
    params: idParams,
    query: z.strictObject({
      node: z.string().max(64).optional(),
      /** Only the steps of this iteration of a loop, such as `each#3`; those of loops inside of it are not among them. */
      iteration: iterationSchema.optional(),
      /** How many to leave out at the beginning. */
      skip: z.coerce.number().int().min(0).default(0),
      limit,
    }),
    response: z.strictObject({ steps: z.array(stepSchema), total: z.int().min(0) }),
  },
  listRunIterations: {
    method: 'get',
    path: '/runs/:id/iterations',
    tag: 'Runs',
    access: 'viewer',
    summary: 'The iterations of a loop in a run that have begun, in their order, each with how it stands',
    params: idParams,
    query: z.strictObject({
      /** The id of the loop node. */
      loop: z.string().max(64),
      /** Only those inside of this iteration of the loop around it. */
      within: iterationSchema.optional(),
      state: z.enum(STEP_STATES).optional(),
      /** How many to leave out at the beginning. */
      skip: z.coerce.number().int().min(0).default(0),
      limit,
    }),
    response: z.strictObject({
      iterations: z.array(loopIterationSchema),
      /** How many fit, listed here or not. */
      total: z.int().min(0),
      /** How many are in which state, whatever state was asked for. */
      states: stateCountsSchema,
    }),
  },
  listRunEvents: {
    method: 'get',
    path: '/runs/:id/events',
    tag: 'Runs',
    access: 'viewer',
    summary: 'The events of a run after a number, logs among them',
    params: idParams,
    query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
    response: z.strictObject({ events: z.array(runEventSchema) }),
  },
  cancelRun: {
    method: 'post',
    path: '/runs/:id/cancel',
    tag: 'Runs',
    access: 'editor',
    summary: 'Cancel a run',
    params: idParams,
    response: runSchema,
  },
  repeatRun: {
    method: 'post',
    path: '/runs/:id/repeat',
    tag: 'Runs',
    access: 'editor',
    summary: 'Run again what a run ran: from its start, with its inputs or others, or from the step that failed',
    params: idParams,
    body: z.strictObject({
      from: z.enum(['start', 'failed']).default('start'),
      /** Used instead of the inputs of the first run; only from the start. */
      inputs: jsonObjectSchema.optional(),
    }),
    response: runSchema,
    status: 202,
  },
  repeatRuns: {
    method: 'post',
    path: '/runs/repeat',
    tag: 'Runs',
    access: 'editor',
    summary: 'Run several runs again, each with its own inputs. What cannot be run again is said beside the others',
    body: z.strictObject({
      runIds: z.array(z.uuid()).min(1).max(50),
      from: z.enum(['start', 'failed']).default('start'),
    }),
    response: z.strictObject({
      results: z.array(z.strictObject({ runId: z.uuid(), run: runSchema.nullable(), error: failureSchema.nullable() })),
    }),
  },
  dismissRuns: {
    method: 'post',
    path: '/runs/dismiss',
    tag: 'Runs',
    access: 'editor',
    summary: 'Say that failed runs need nothing more. A run that is run again is dismissed by itself',
    body: z.strictObject({ runIds: z.array(z.uuid()).min(1).max(200) }),
    response: z.strictObject({ dismissed: z.int().min(0) }),
  },
} as const satisfies Record<string, Route>;
