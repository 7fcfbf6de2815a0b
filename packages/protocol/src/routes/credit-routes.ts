import { z } from 'zod';
import { creditAmountSchema } from '../credits.ts';
import { pricesSchema } from '../price-list.ts';
import type { Route } from '../route.ts';
import {
  budgetSchema,
  namedWalletSchema,
  priceEffectSchema,
  priceListSchema,
  receiptSchema,
  TRANSFER_KINDS,
  transferSchema,
  walletSchema,
} from '../wallet.ts';
import { idParams, limit } from './shared.ts';

const reason = z.string().trim().min(1).max(500);
const filters = {
  kind: z.enum(TRANSFER_KINDS).optional(),
  runId: z.uuid().optional(),
  /** From this moment on. */
  from: z.iso.datetime().optional(),
  /** Before this moment. */
  to: z.iso.datetime().optional(),
};
/** Credits that the owner of the server moves; the header Idempotency-Key is needed. */
const move = z.strictObject({
  amount: creditAmountSchema,
  reason,
  /** Whose wallet; left out, the caller's own. */
  workspaceId: z.uuid().optional(),
});

/** Credits: a workspace's wallet and ledger, and the prices of the server. */
export const creditRoutes = {
  getWallet: {
    method: 'get',
    path: '/credits',
    tag: 'Credits',
    access: 'viewer',
    summary: 'What the workspace has, what is set aside, and what it has spent',
    response: walletSchema,
  },
  setBudget: {
    method: 'put',
    path: '/credits/budget',
    tag: 'Credits',
    access: 'owner',
    summary: 'Say what the workspace may spend in each month (UTC), or end its budget with null',
    body: z.strictObject({ amount: creditAmountSchema.nullable() }),
    response: budgetSchema,
  },
  listTransfers: {
    method: 'get',
    path: '/credits/transfers',
    tag: 'Credits',
    access: 'viewer',
    summary: 'Credits that moved, the newest first',
    query: z.strictObject({ ...filters, limit, cursor: z.string().max(200).optional() }),
    response: z.strictObject({ transfers: z.array(transferSchema), nextCursor: z.string().nullable() }),
  },
  exportTransfers: {
    method: 'get',
    path: '/credits/transfers.csv',
    tag: 'Credits',
    access: 'viewer',
    summary: 'Credits that moved, the newest first, as CSV',
    query: z.strictObject(filters),
    response: 'bytes',
  },
  listWallets: {
    method: 'get',
    path: '/credits/wallets',
    tag: 'Credits',
    access: 'owner',
    summary: 'The wallets of all workspaces by name. Only for the owner of the server',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    response: z.strictObject({ wallets: z.array(namedWalletSchema) }),
  },
  grantCredits: {
    method: 'post',
    path: '/credits/grants',
    tag: 'Credits',
    access: 'owner',
    summary: 'Give credits to a workspace. Only for the owner of the server; the header Idempotency-Key is needed',
    body: move,
    response: transferSchema,
    status: 201,
  },
  recordPurchase: {
    method: 'post',
    path: '/credits/purchases',
    tag: 'Credits',
    access: 'owner',
    summary:
      'Write down credits that were paid for. Only for the owner of the server; the header Idempotency-Key is needed',
    body: move,
    response: transferSchema,
    status: 201,
  },
  withdrawCredits: {
    method: 'post',
    path: '/credits/withdrawals',
    tag: 'Credits',
    access: 'owner',
    summary:
      'Take back credits that are not set aside. Only for the owner of the server; the header Idempotency-Key is needed',
    body: move,
    response: transferSchema,
    status: 201,
  },
  getReceipt: {
    method: 'get',
    path: '/runs/:id/receipt',
    tag: 'Credits',
    access: 'viewer',
    summary: 'What a run had set aside, what each step cost, and what came back',
    params: idParams,
    response: receiptSchema,
  },
  refundRun: {
    method: 'post',
    path: '/runs/:id/refund',
    tag: 'Credits',
    access: 'owner',
    summary:
      'Give back what a run was charged, or a part. Only for the owner of the server; the header Idempotency-Key is needed',
    params: idParams,
    body: z.strictObject({ amount: creditAmountSchema, reason }),
    response: transferSchema,
    status: 201,
  },
  getPrices: {
    method: 'get',
    path: '/prices',
    tag: 'Credits',
    access: 'viewer',
    summary: 'What node types cost, bundles, and what a credit is worth: now, or in an earlier version',
    query: z.strictObject({
      /** Left out, the version that counts now. */
      version: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
    }),
    response: priceListSchema,
  },
  previewPrices: {
    method: 'post',
    path: '/prices/preview',
    tag: 'Credits',
    access: 'owner',
    summary:
      'What prices would change that are not published: the built-in workflow and those of your workspace, by both. Only for the owner of the server',
    body: z.strictObject({ prices: pricesSchema }),
    response: priceEffectSchema,
  },
  savePrices: {
    method: 'put',
    path: '/prices',
    tag: 'Credits',
    access: 'owner',
    summary: 'Change the prices of runs that are quoted from now on. Only for the owner of the server',
    body: z.strictObject({
      /** The version that is changed: refused when somebody else was faster. */
      after: z.int().min(0),
      prices: pricesSchema,
    }),
    response: priceListSchema,
  },
} as const satisfies Record<string, Route>;
