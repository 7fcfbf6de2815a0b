import { z } from 'zod';
import { failureSchema } from './error.ts';
import { type FileRef, fileRefSchema } from './file-ref.ts';
import { graphSchema } from './graph.ts';
import { iterationSchema } from './iteration.ts';
import { problemSchema } from './problem.ts';
import { waitsForSchema } from './queue.ts';
import { ROLES } from './role.ts';
import { runSchema, STEP_STATES, stepSchema } from './run.ts';
import { stateCountsSchema } from './state-counts.ts';

const moment = z.iso.datetime();

export const userSchema = z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() });
export type User = z.infer<typeof userSchema>;

/** Who is signed in, and where they work. */
export const sessionSchema = z.strictObject({
  user: userSchema,
  workspace: z.strictObject({ id: z.uuid(), name: z.string(), role: z.enum(ROLES) }),
});
export type Session = z.infer<typeof sessionSchema>;

/** Whether the server still waits for its owner, and whether the code printed in its terminal is asked for. */
export const setupStateSchema = z.strictObject({ required: z.boolean(), codeRequired: z.boolean() });
export type SetupState = z.infer<typeof setupStateSchema>;

export const apiKeySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** The first characters of the key, to know it by; the whole key is shown once, when it is made. */
  prefix: z.string(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A workflow as lists show it. */
export const workflowSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  createdAt: moment,
  updatedAt: moment,
  latestVersion: z.int().min(1).nullable(),
  nodeCount: z.int().min(0),
  /** The picture of the last run that made one. */
  cover: fileRefSchema.nullable(),
});
export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;

/** A workflow with its draft. `revision` counts the draft's saves: a save names the one it changed. */
export const workflowSchema = workflowSummarySchema.extend({
  draft: graphSchema,
  revision: z.int().min(1),
  /** Belongs to the server, which runs it for something of its own, such as the upscales of assets: it can be copied, not changed. */
  builtIn: z.boolean(),
  problems: z.array(problemSchema),
});
export type Workflow = z.infer<typeof workflowSchema>;

/** An immutable version of a workflow, without its graph. */
export const workflowVersionSchema = z.strictObject({
  version: z.int().min(1),
  label: z.string().nullable(),
  createdAt: moment,
  createdBy: z.string(),
});
export type WorkflowVersion = z.infer<typeof workflowVersionSchema>;

/** What became of a node inside of a loop: how many of its steps, one in each iteration, are in which state. */
export const stepsInsideSchema = z.strictObject({
  node: z.string(),
  states: stateCountsSchema,
  /** What all of them cost together. */
  credits: z.int().min(0),
});
export type StepsInside = z.infer<typeof stepsInsideSchema>;

/** One iteration of a loop in a run: what its steps come to together. */
export const loopIterationSchema = z.strictObject({
  iteration: iterationSchema,
  /** That of the step which says most of it: one that is at work, else one that waits, that failed, and so on. */
  state: z.enum(STEP_STATES),
  startedAt: moment.nullable(),
  /** When its last step ended; null while one of them is not over. */
  finishedAt: moment.nullable(),
  credits: z.int().min(0),
  /** Why its first step that failed did. */
  error: failureSchema.nullable(),
});
export type LoopIteration = z.infer<typeof loopIterationSchema>;

/** A run with its steps, in the order of the graph. */
export const runDetailSchema = runSchema.extend({
  /** Steps outside of loops. Those inside, which may be many thousands, are listed node by node. */
  steps: z.array(stepSchema),
  /** The nodes inside of loops that have steps; left out where there are none. */
  inside: z.array(stepsInsideSchema).optional(),
  graph: graphSchema,
  /** Why it has not begun; null once it has. */
  waitsFor: waitsForSchema.nullable(),
  /** How much of what is written about the run is in this: what comes after it is asked for by it. */
  cursor: z.int().min(0),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

/** What became of a run since somebody looked at it: of its steps outside of loops those that were written since, the rest as it is now. */
export const runChangesSchema = runDetailSchema.omit({ graph: true });
export type RunChanges = z.infer<typeof runChangesSchema>;

export const storedFileSchema = fileRefSchema.extend({ createdAt: moment });
export type StoredFile = z.infer<typeof storedFileSchema>;

/** A file reference as a run's inputs carry it: what an upload answered, without its time. */
export function fileRefOf(file: StoredFile): FileRef {
  const { createdAt: _createdAt, ...ref } = file;
  return ref;
}
