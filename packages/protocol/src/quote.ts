import { z } from 'zod';

/** Time that comes on top for each of something that nobody can count before the run. */
export const timeAddedSchema = z.strictObject({
  /** What each is of: one word in the singular, such as `face`. */
  each: z.string(),
  /** Milliseconds for one; null where nobody knows that either. */
  ms: z.number().min(0).nullable(),
  /** Milliseconds that come once, as soon as there is one. */
  onceMs: z.number().min(0),
});
export type TimeAdded = z.infer<typeof timeAddedSchema>;

/** What a run will cost and how long it will take, said before it starts. */
export const quoteSchema = z.strictObject({
  /** Credits in all, for the numbers of items that are expected: what is set aside when the run starts. */
  total: z.int().min(0),
  /** The least and the most it may come to; `most` is null when a node makes a number of items that nobody knows before it has run. */
  least: z.int().min(0),
  most: z.int().min(0).nullable(),
  nodes: z.array(
    z.strictObject({
      node: z.string(),
      name: z.string(),
      /** Items the node is expected to work on. */
      items: z.int().min(0),
      credits: z.int().min(0),
      /** Credits that a batch price saves; they are taken off `credits` already. */
      saved: z.int().min(0),
      estimateMs: z.number().min(0),
      /** What is not in the estimate; absent where all of it is. */
      adds: timeAddedSchema.optional(),
      /**
       * Whether its result is kept from before. yes: it costs nothing and takes no time. maybe: it may cost nothing, which is known once it
       * is known what reaches it.
       */
      cache: z.enum(['no', 'maybe', 'yes']),
      /** What a person should know of this node before the run, such as a part of its work that is left out; absent where there is nothing to say. */
      remarks: z.array(z.string()).optional(),
    }),
  ),
  /** What the workflow's bundle takes off; the total is without it. */
  bundle: z.strictObject({ title: z.string(), credits: z.int().min(0) }).nullable(),
  /** Wall time along the longest path, in milliseconds. */
  estimateMs: z.number().min(0),
  /** Whether the estimate rests on runs measured on this machine. */
  measured: z.boolean(),
});
export type Quote = z.infer<typeof quoteSchema>;

/** A quote as a workspace gets it: with money, and with what its wallet has. */
export const workspaceQuoteSchema = quoteSchema.extend({
  /** What the total is worth, such as 6000 in IDR. */
  currency: z.string(),
  amount: z.number().min(0),
  /** Credits the workspace can spend now, and after this run; null where credits are not limited. */
  wallet: z.strictObject({ available: z.int(), after: z.int() }).nullable(),
  /** What the budget of the month has left now, and after this run; null where there is none. */
  budget: z.strictObject({ left: z.int(), after: z.int(), beginsAgain: z.iso.datetime() }).nullable(),
});
export type WorkspaceQuote = z.infer<typeof workspaceQuoteSchema>;
