import { z } from 'zod';
import { fileRefSchema } from './file-ref.ts';
import { ROLES } from './role.ts';

const moment = z.iso.datetime();

/** What a step waits for, with what people need to know of it. */
export const waitAboutSchema = z.discriminatedUnion('kind', [
  /** A moment. */
  z.strictObject({ kind: z.literal('time') }),
  /** A call from outside, to an address that only this wait has. */
  z.strictObject({ kind: z.literal('callback') }),
  /** A person's word. */
  z.strictObject({
    kind: z.literal('approval'),
    message: z.string(),
    /** The least that somebody must be in the workspace to answer. */
    role: z.enum(ROLES),
    /** Some of the pictures it is about. */
    pictures: z.array(fileRefSchema),
    /** How many items it is about. */
    items: z.int().min(0),
  }),
  /** The end of a run that it started. */
  z.strictObject({
    kind: z.literal('run'),
    runId: z.uuid(),
    workflowName: z.string(),
    version: z.int().min(1),
  }),
  /** The next try after a failure, as far away as its policy or a service asks for. */
  z.strictObject({ kind: z.literal('retry'), attempt: z.int().min(2), message: z.string() }),
]);
export type WaitAbout = z.infer<typeof waitAboutSchema>;
export const WAIT_KINDS = ['time', 'callback', 'approval', 'run', 'retry'] as const satisfies WaitAbout['kind'][];
export type WaitKind = (typeof WAIT_KINDS)[number];

/** What a step of a run waits for, as the API shows it. */
export const waitSchema = z.strictObject({
  id: z.uuid(),
  runId: z.uuid(),
  workflowId: z.uuid(),
  workflowName: z.string(),
  node: z.string(),
  /** The node's name. */
  name: z.string(),
  about: waitAboutSchema,
  since: moment,
  /** When it is over, whatever comes; null when there is no end to it. */
  dueAt: moment.nullable(),
  /** Callback, for those who may edit: the path to call at the server's address. Whoever knows it can answer. */
  path: z.string().nullable(),
  /** Whether whoever asks may answer it. */
  mayAnswer: z.boolean(),
});
export type Wait = z.infer<typeof waitSchema>;

/** What a person says to an approval. */
export const decisionSchema = z.strictObject({
  decision: z.enum(['approved', 'rejected']),
  comment: z.string().trim().max(2000).default(''),
});
export type Decision = z.infer<typeof decisionSchema>;
