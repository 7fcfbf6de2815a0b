import { z } from 'zod';

const count = z.int().min(0);

/** How the billing of what workspaces use stands. */
export const billingStateSchema = z.strictObject({
  /** Reports to the billing service: due, sent, refused by it, and sent with nobody knowing whether they arrived. */
  reports: z.strictObject({ due: count, sent: count, refused: count, unknown: count }),
  /** Reports that wait for a person, the newest first. */
  open: z.array(
    z.strictObject({
      /** The run, or the transfer that gave credits back. */
      id: z.uuid(),
      workspaceId: z.uuid(),
      /** The name of the workspace. */
      name: z.string(),
      /** Below zero for credits that were given back. */
      credits: z.int(),
      usedAt: z.iso.datetime(),
      state: z.enum(['refused', 'unknown']),
      error: z.string().nullable(),
    }),
  ),
  /** Purchases whose money went back while credits of them were spent or set aside, the newest first. */
  short: z.array(
    z.strictObject({
      /** The checkout. */
      purchase: z.string(),
      workspaceId: z.uuid(),
      name: z.string(),
      /** Credits that were not taken back. */
      missing: count,
    }),
  ),
  /** Whom the service knows workspaces as. */
  customers: z.array(z.strictObject({ workspaceId: z.uuid(), name: z.string(), customerId: z.string() })),
});
export type BillingState = z.infer<typeof billingStateSchema>;
