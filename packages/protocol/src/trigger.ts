import { z } from 'zod';

/** What starts runs without anybody pressing a button. */
export const TRIGGER_KINDS = ['webhook', 'schedule', 'failure'] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** Where webhooks are called, outside the REST API: their token follows. */
export const HOOKS_PREFIX = '/hooks';

/**
 * The param of every trigger node that a run's cause is handed to: a run that a trigger started holds there what the trigger brought, any
 * other run what its author wrote there as an example.
 */
export const TRIGGER_PARAM = 'sample';

/** A trigger node that listens. */
export const triggerSchema = z.strictObject({
  /** Its node in the graph. */
  node: z.string(),
  name: z.string(),
  kind: z.enum(TRIGGER_KINDS),
  /** Webhook: the path to call at the server's address. Whoever knows it can start runs. */
  path: z.string().nullable(),
  /** Webhook that checks signatures: the key to sign with, as Standard Webhooks write it. */
  secret: z.string().nullable(),
  /** Schedule: when it is due next. */
  nextAt: z.iso.datetime().nullable(),
});
export type Trigger = z.infer<typeof triggerSchema>;

/** The version of a workflow whose triggers listen. */
export const activationSchema = z.strictObject({
  version: z.int().min(1),
  activatedAt: z.iso.datetime(),
  triggers: z.array(triggerSchema),
});
export type Activation = z.infer<typeof activationSchema>;

/** A webhook path that starts the draft, for a while. */
export const testHookSchema = z.strictObject({
  path: z.string(),
  secret: z.string().nullable(),
  expiresAt: z.iso.datetime(),
});
export type TestHook = z.infer<typeof testHookSchema>;

/** The node type that says what a waiting webhook answers, and the shape of its output `answer`. */
export const RESPOND_NODE = 'flow.respond';
export const hookAnswerSchema = z.strictObject({
  status: z.int().min(200).max(599),
  contentType: z.string(),
  body: z.string(),
});
export type HookAnswer = z.infer<typeof hookAnswerSchema>;
