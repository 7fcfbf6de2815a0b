import { z } from 'zod';

/** What a webhook node asks for. */
export const webhookSettings = z.object({
  kind: z.literal('webhook'),
  method: z.enum(['POST', 'PUT', 'PATCH', 'GET', 'any']),
  respond: z.enum(['now', 'end', 'node']),
  waitSeconds: z.int().min(1).max(300),
  signed: z.boolean(),
});
export type WebhookSettings = z.infer<typeof webhookSettings>;

/** What a schedule node asks for. */
export const scheduleSettings = z.object({
  kind: z.literal('schedule'),
  cron: z.string().trim().min(1).max(100),
  timeZone: z.string().trim().min(1).max(60),
  missed: z.enum(['skip', 'once']),
});
export type ScheduleSettings = z.infer<typeof scheduleSettings>;

/** What a node asks for that listens for failures. */
export const failureSettings = z.object({
  kind: z.literal('failure'),
  /** The id of the workflow whose runs it listens for; empty for all others of the workspace. */
  workflow: z.string().trim().max(100),
});

export const triggerSettings = z.discriminatedUnion('kind', [webhookSettings, scheduleSettings, failureSettings]);
export type TriggerSettings = z.infer<typeof triggerSettings>;
