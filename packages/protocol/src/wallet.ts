import { z } from 'zod';
import { currencySchema, pricesSchema } from './price-list.ts';

const credits = z.int().min(0);
const moment = z.iso.datetime();

/** Below this many available credits a wallet is called low: little more than one billboard. */
export const LOW_CREDITS = 100;

/** The share of a budget from which on people are warned, in percent. */
export const BUDGET_WARNING_PERCENT = 80;

/** What a workspace may spend in a month (UTC), and what it has. A run counts in the month in which it was accepted. */
export const budgetSchema = z.strictObject({
  /** Such as 2026-11. */
  month: z.string(),
  /** What may be spent in each month; null where there is no budget. */
  amount: credits.nullable(),
  /** Spent by runs of this month, or set aside for them. */
  used: credits,
  /** What new runs can have; null where there is no budget. */
  left: credits.nullable(),
  /** When the next month begins. */
  beginsAgain: moment,
});
export type Budget = z.infer<typeof budgetSchema>;

/** What a workspace can spend, in whole credits. */
export const walletSchema = z.strictObject({
  /** `unlimited`: runs are counted and nobody runs out; the other figures tell of the wallet all the same. */
  mode: z.enum(['unlimited', 'metered']),
  balance: credits,
  /** Set aside for runs that have not ended. */
  reserved: credits,
  /** What new runs can have: balance less reserved. */
  available: credits,
  /** Charged so far and not given back. */
  spent: credits,
  budget: budgetSchema,
  currency: currencySchema,
  /** Whether the caller can buy credits here. */
  mayBuy: z.boolean(),
  /** Whether the caller may give and take credits, and change prices. */
  mayManage: z.boolean(),
  /** Whether what workspaces use is billed here, and the caller says whom to. */
  mayBill: z.boolean(),
});
export type Wallet = z.infer<typeof walletSchema>;

/**
 * Why credits moved. grant, purchase: into the wallet; withdrawal: out of it by an owner; charge: what a step cost; refund: a charge that
 * an owner gave back.
 */
export const TRANSFER_KINDS = ['grant', 'purchase', 'withdrawal', 'charge', 'refund'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** Credits that moved, as the ledger has them. */
export const transferSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(TRANSFER_KINDS),
  amount: credits,
  /** How the wallet changed; 0 where credits are not limited and runs are paid past it. */
  change: z.int(),
  /** The wallet's balance after it; null where it did not change. */
  balance: credits.nullable(),
  runId: z.uuid().nullable(),
  /** The workflow of the run, as it was called then; null when it is not about a run. */
  workflowName: z.string().nullable(),
  node: z.string().nullable(),
  /** The name and type of the node when it was charged, whatever became of the workflow; null for charges from before they were kept. */
  nodeName: z.string().nullable(),
  nodeType: z.string().nullable(),
  iteration: z.string(),
  /** Who moved them: the id of a person, or `server`; null for a charge. */
  actor: z.string().nullable(),
  actorName: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: moment,
});
export type Transfer = z.infer<typeof transferSchema>;

/** What became of the credits of one run. */
export const receiptSchema = z.strictObject({
  runId: z.uuid(),
  /** Who paid: `source` where credits were not limited. */
  account: z.enum(['wallet', 'source']),
  state: z.enum(['open', 'released', 'expired']),
  reserved: credits,
  spent: credits,
  refunded: credits,
  /** Given back when the run ended. */
  returned: credits,
  /** The version of the price list it was charged by. */
  priceVersion: z.int().min(0),
  /** The bundle that counted, and the credits it takes off. */
  bundle: z.strictObject({ title: z.string(), off: credits }).nullable(),
  charges: z.array(
    z.strictObject({
      node: z.string(),
      /** The node's name and type when it was charged; null for charges from before they were kept. */
      name: z.string().nullable(),
      type: z.string().nullable(),
      iteration: z.string(),
      credits,
      createdAt: moment,
    }),
  ),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Prices of one version, and the versions there were. */
export const priceListSchema = z.strictObject({
  version: z.int().min(0),
  ...pricesSchema.shape,
  history: z.array(
    z.strictObject({ version: z.int().min(0), createdBy: z.string().nullable(), createdAt: moment.nullable() }),
  ),
});
export type PriceListWithHistory = z.infer<typeof priceListSchema>;

/** The wallet of one workspace, as the owner of the server sees it. */
export const namedWalletSchema = z.strictObject({
  workspaceId: z.uuid(),
  /** The name of the workspace. */
  name: z.string(),
  balance: credits,
  /** Set aside for runs that have not ended. */
  reserved: credits,
});
export type NamedWallet = z.infer<typeof namedWalletSchema>;

/** What a workflow costs by some prices; where they refuse it, the reason in their place. */
const pricedSchema = z.strictObject({
  total: credits.nullable(),
  least: credits.nullable(),
  /** Null, too, where nobody knows the most. */
  most: credits.nullable(),
  refused: z.string().nullable(),
});

/** What prices that are not published yet would change. */
export const priceEffectSchema = z.strictObject({
  /** The version that counts now. */
  version: z.int().min(0),
  workflows: z.array(
    z.strictObject({
      /** Null for the workflow that comes with Imaginarium. */
      id: z.uuid().nullable(),
      name: z.string(),
      before: pricedSchema,
      after: pricedSchema,
    }),
  ),
});
export type PriceEffect = z.infer<typeof priceEffectSchema>;
