import { z } from 'zod';

const count = z.int().min(0);

/** A day in UTC, such as 2026-11-21. */
export const daySchema = z.iso.date({ error: 'expected a day such as 2026-11-21' });

/** By what usage is added up. `day-type`: for each day by node type. */
export const USAGE_BY = ['day', 'workflow', 'type', 'person', 'day-type'] as const;
export type UsageBy = (typeof USAGE_BY)[number];

/** Somebody or something that may be gone, and is known by its name as long as it is not. */
const named = z.strictObject({ id: z.string(), name: z.string().nullable() });

const sums = {
  /** Steps that were charged. */
  steps: count,
  /** Items they were paid for. */
  items: count,
  /** Credits charged, whether a wallet paid them or they were only counted. */
  credits: count,
  /** Credits of charges that were given back later, on the day they were. */
  refunded: count,
  /** How long the steps took, in milliseconds. */
  durationMs: count,
};

/** Usage added up: what it is added up by is said, the rest is null. What is not known of a charge is null too. */
export const usageRowSchema = z.strictObject({
  day: daySchema.nullable(),
  workflow: named.nullable(),
  nodeType: z.string().nullable(),
  person: named.nullable(),
  ...sums,
});
export type UsageRow = z.infer<typeof usageRowSchema>;

/** What a workspace used in a range of days. */
export const usageSchema = z.strictObject({
  from: daySchema,
  to: daySchema,
  by: z.enum(USAGE_BY),
  /** By day, the oldest first; by anything else, what cost most first. At most {@link USAGE_ROWS}. */
  rows: z.array(usageRowSchema),
  total: z.strictObject(sums),
});
export type Usage = z.infer<typeof usageSchema>;

/** Most days of one question. */
export const USAGE_DAYS = 366;
/** Most rows of one answer; the total counts all. */
export const USAGE_ROWS = 10_000;
