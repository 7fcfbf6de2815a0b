import type { NodeTask } from '@imaginarium/engine';
import { jsonObjectSchema, jsonSchema, LOG_LEVELS } from '@imaginarium/protocol';
import { z } from 'zod';
import type { ErrorMessage } from '../media/messages.ts';

/** What a confined process is told. */
export type ToConfined =
  | { type: 'execute'; task: NodeTask }
  | { type: 'answer'; call: number; value?: unknown; error?: ErrorMessage };

const emitted = z.strictObject({
  value: jsonSchema,
  fields: jsonObjectSchema.optional(),
  from: z.union([z.int().min(0), z.record(z.string(), z.int().min(0))]).optional(),
});

/**
 * What a confined process says. Code that nobody trusts runs in there and may say anything: every message is checked against this before
 * it is believed.
 */
export const fromConfinedSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), descriptions: z.array(z.unknown()).max(1000) }),
  z.strictObject({
    type: z.literal('done'),
    value: z.strictObject({
      outputs: z.record(z.string(), z.array(emitted)),
      fields: jsonObjectSchema.optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('failed'),
    error: z.strictObject({
      name: z.string(),
      message: z.string(),
      code: z.string().optional(),
      afterMs: z.number().min(0).optional(),
      reason: z.string().optional(),
    }),
  }),
  z.strictObject({ type: z.literal('progress'), share: z.number().min(0).max(1), message: z.string().optional() }),
  z.strictObject({
    type: z.literal('log'),
    level: z.enum(LOG_LEVELS),
    message: z.string(),
    data: jsonObjectSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('ask'),
    call: z.int().min(1),
    method: z.enum(['path', 'adopt', 'folder', 'lastingFolder', 'export', 'fetch']),
    file: z.looseObject({ id: z.string() }).optional(),
    path: z.string().max(4096).optional(),
    hint: z.looseObject({ name: z.string() }).optional(),
    whenTaken: z.string().optional(),
    url: z.string().max(8192).optional(),
    // Looked at where it is answered, so that a request which is none fails with a sentence.
    request: z.unknown().optional(),
  }),
]);
export type FromConfined = z.infer<typeof fromConfinedSchema>;
