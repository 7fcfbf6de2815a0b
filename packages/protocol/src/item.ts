import { z } from 'zod';
import { fileRefSchema } from './file-ref.ts';
import { findUnsafeJson, type Json, type JsonObject } from './json.ts';

/** Levels a JSON value inside another document may be nested; a graph as a whole may have fewer. */
const MAX_DEPTH = 64;

const UNSAFE = {
  'forbidden-key': 'expected a name other than __proto__, constructor and prototype',
  'too-deep': `expected at most ${MAX_DEPTH} levels of nesting`,
  'not-json': 'expected a value that JSON can carry',
  'nul-character': 'expected text without NUL characters',
} as const;

/** One walk without recursion: zod's own JSON schema exhausts the stack on deep values, and drops `__proto__` without a word. */
function refuseUnsafe(value: unknown, context: z.RefinementCtx): void {
  const unsafe = findUnsafeJson(value, MAX_DEPTH);
  if (unsafe) context.addIssue({ code: 'custom', path: unsafe.path, message: UNSAFE[unsafe.reason] });
}

/** Any JSON value that is safe to store. */
export const jsonSchema: z.ZodType<Json> = z
  .custom<Json>()
  .superRefine(refuseUnsafe)
  .meta({ description: 'Any JSON.' });
/** A JSON object that is safe to store. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z
  .custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object',
  )
  .superRefine(refuseUnsafe)
  .meta({ type: 'object', additionalProperties: true });

/**
 * One unit of data on an edge. Media ports carry `file`, the others `value`. `fields` are named data that travel along, so that
 * a row of a CSV can still name the file at the end of the graph. `from` holds the ids of the items it was made from.
 */
export const itemSchema = z.strictObject({
  id: z.string(),
  value: jsonSchema.optional(),
  file: fileRefSchema.optional(),
  fields: jsonObjectSchema,
  from: z.array(z.string()),
});
export type Item = z.infer<typeof itemSchema>;

/** The items of a step's output ports, by port. */
export const portItemsSchema = z.record(z.string(), z.array(itemSchema));
export type PortItems = z.infer<typeof portItemsSchema>;
