import { z } from 'zod';
import { fileRefSchema } from './file-ref.ts';
import type { Json, JsonObject } from './json.ts';

/** A JSON value of any shape, typed without the recursion that schemas infer. */
export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>; // zod's own Json type allows what ours does.
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json()) as z.ZodType<JsonObject>;

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
