import { z } from 'zod';
import { failureSchema } from './error.ts';
import { fileRefSchema } from './file-ref.ts';
import { jsonObjectSchema } from './item.ts';
import { iterationSchema } from './iteration.ts';
import { RUN_STATES, STEP_STATES } from './run.ts';
import { waitAboutSchema } from './wait.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const stamp = {
  runId: z.uuid(),
  /** Counts 1, 2, 3, ... within the run without gaps: a subscriber that lost the line goes on from the last one it saw. */
  seq: z.int().min(1),
  at: z.iso.datetime(),
};

/** Which step it tells of. The iteration is left out outside of loops. */
const place = { node: z.string(), iteration: iterationSchema.optional() };

/** What happens in a run, in the one shape it keeps from the engine to the badge on the screen. */
export const runEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run.started'), ...stamp }),
  /** Nothing in the run can go on before something comes; no worker holds it. */
  z.strictObject({ type: z.literal('run.waiting'), ...stamp }),
  /** What it waited for has come. */
  z.strictObject({ type: z.literal('run.resumed'), ...stamp }),
  z.strictObject({
    type: z.literal('run.finished'),
    ...stamp,
    state: z.enum(RUN_STATES),
    creditsSpent: z.int().min(0),
    error: failureSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('step.started'), ...stamp, ...place, items: z.int().min(0) }),
  z.strictObject({
    type: z.literal('step.progress'),
    ...stamp,
    ...place,
    /** Share of the step's work that is done, 0 to 1. */
    progress: z.number().min(0).max(1),
    message: z.string().optional(),
    /** Of a step with several items: how many are done, and how many there are. */
    items: z.strictObject({ done: z.int().min(0), count: z.int().min(1) }).optional(),
    /** Milliseconds that it still takes, by how long what is done of it took; absent where that is not known yet, or only seconds. */
    leftMs: z.int().min(0).optional(),
    /** Of a loop: how many iterations are over, and how many there are or may be at most. */
    iterations: z.strictObject({ done: z.int().min(0), count: z.int().min(0) }).optional(),
  }),
  z.strictObject({
    type: z.literal('step.retrying'),
    ...stamp,
    ...place,
    attempt: z.int().min(1),
    delayMs: z.int().min(0),
    message: z.string(),
  }),
  z.strictObject({
    type: z.literal('step.waiting'),
    ...stamp,
    ...place,
    /** What it waits for; the first of them where several items do. */
    about: waitAboutSchema,
    dueAt: z.iso.datetime().nullable(),
    /** How many items wait. */
    items: z.int().min(1),
  }),
  z.strictObject({
    type: z.literal('step.finished'),
    ...stamp,
    ...place,
    state: z.enum(STEP_STATES),
    durationMs: z.number().min(0),
    /** Items that left by each port. */
    items: z.record(z.string(), z.int().min(0)),
    thumbnail: fileRefSchema.nullable(),
    credits: z.int().min(0),
    error: failureSchema.nullable(),
    reason: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('log'),
    ...stamp,
    ...place,
    node: z.string().nullable(),
    level: z.enum(LOG_LEVELS),
    message: z.string().max(4000),
    data: jsonObjectSchema.optional(),
  }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventType = RunEvent['type'];

type Unstamped<Event> = Event extends RunEvent ? Omit<Event, 'runId' | 'seq' | 'at'> : never;
/** An event before the run gives it its number and time. */
export type RunEventBody = Unstamped<RunEvent>;
