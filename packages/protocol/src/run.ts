import { z } from 'zod';
import { failureSchema } from './error.ts';
import { fileRefSchema } from './file-ref.ts';
import { jsonObjectSchema, portItemsSchema } from './item.ts';
import { iterationSchema } from './iteration.ts';

export const RUN_STATES = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const STEP_STATES = [
  'pending',
  'running',
  'succeeded',
  'cached',
  'skipped',
  'failed',
  'cancelled',
  'waiting',
] as const;
export type StepState = (typeof STEP_STATES)[number];

/** Whether a run or step in this state will never change again. */
export function isTerminal(state: RunState | StepState): boolean {
  return ['succeeded', 'cached', 'skipped', 'failed', 'cancelled'].includes(state);
}

const moment = z.iso.datetime();

/** An item that failed, and why. */
export const failedItemSchema = z.strictObject({
  /** Its place among the items of the step, counted from 0. */
  index: z.int().min(0),
  /** The name of its file, when it has one. */
  name: z.string().optional(),
  code: failureSchema.shape.code,
  message: z.string(),
});
export type FailedItem = z.infer<typeof failedItemSchema>;

/** One node's execution inside a run; inside a loop, one in each iteration. */
export const stepSchema = z.strictObject({
  node: z.string(),
  /** The iteration of the loops around the node that it belongs to; empty outside of loops. */
  iteration: iterationSchema.default(''),
  name: z.string(),
  type: z.string(),
  state: z.enum(STEP_STATES),
  /** Tries of the item that needed most. */
  attempts: z.int().min(0),
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  itemsIn: z.int().min(0),
  /** Items that failed and were left out, as the node's policy says. */
  itemsFailed: z.int().min(0),
  /** Which items failed and why, those that were left out or ended the step: the first of them. Left out where none did. */
  failedItems: z.array(failedItemSchema).optional(),
  outputs: portItemsSchema,
  credits: z.int().min(0),
  error: failureSchema.nullable(),
  /** Why it was skipped, answered from the cache, or ran again. */
  reason: z.string().nullable(),
});
export type Step = z.infer<typeof stepSchema>;

/** The step of a node that has not begun. @param iteration that it belongs to, of the loops around the node; empty outside of loops. */
export function pendingStep({ id, name, type }: { id: string; name: string; type: string }, iteration = ''): Step {
  return {
    node: id,
    iteration,
    name,
    type,
    state: 'pending',
    attempts: 0,
    startedAt: null,
    finishedAt: null,
    itemsIn: 0,
    itemsFailed: 0,
    outputs: {},
    credits: 0,
    error: null,
    reason: null,
  };
}

/** One execution of a workflow, as lists show it. */
export const runSchema = z.strictObject({
  id: z.uuid(),
  workflowId: z.uuid(),
  workflowName: z.string(),
  /** The version that ran; null for a run of the draft. */
  version: z.int().min(1).nullable(),
  state: z.enum(RUN_STATES),
  trigger: z.enum(['editor', 'api', 'cli', 'webhook', 'schedule', 'run', 'failure']),
  /** The run whose step started this one and waits for its end; null for all others. */
  parent: z.strictObject({ runId: z.uuid(), node: z.string() }).nullable(),
  priority: z.int().min(1).max(100),
  inputs: jsonObjectSchema,
  createdAt: moment,
  /** The moment before which it does not begin; null when it may begin at once. */
  notBefore: moment.nullable(),
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  /** When a person said that a failed run needs nothing more: it was looked at, or run again. */
  dismissedAt: moment.nullable(),
  /** Credits set aside when the run was accepted, and spent so far. */
  creditsQuoted: z.int().min(0),
  creditsSpent: z.int().min(0),
  error: failureSchema.nullable(),
  /** A picture the run made, to know it by. */
  cover: fileRefSchema.nullable(),
  /** Number of the last event: subscribe from here. */
  lastSeq: z.int().min(0),
});
export type Run = z.infer<typeof runSchema>;
