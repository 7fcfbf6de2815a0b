import { z } from 'zod';

/** What a run will cost and how long it will take, said before it starts. */
export const quoteSchema = z.strictObject({
  /** Credits in all. */
  total: z.int().min(0),
  nodes: z.array(
    z.strictObject({
      node: z.string(),
      name: z.string(),
      /** Items the node is expected to work on. */
      items: z.int().min(0),
      credits: z.int().min(0),
      estimateMs: z.number().min(0),
    }),
  ),
  /** Wall time along the longest path, in milliseconds. */
  estimateMs: z.number().min(0),
  /** Whether the estimate rests on runs measured on this machine. */
  measured: z.boolean(),
});
export type Quote = z.infer<typeof quoteSchema>;
