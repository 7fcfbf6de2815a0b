import { z } from 'zod';
import { billingStateSchema } from '../billing.ts';
import { creditAmountSchema } from '../credits.ts';
import type { Route } from '../route.ts';
import { idParams } from './shared.ts';

/** Billing: what workspaces use, reported to a billing service, and credits that are sold. */
export const billingRoutes = {
  getBilling: {
    method: 'get',
    path: '/billing',
    tag: 'Credits',
    access: 'owner',
    summary: 'How reports to the billing service stand, and its customers. Only for the owner of the server',
    response: billingStateSchema,
  },
  setBillingCustomer: {
    method: 'put',
    path: '/billing/customers/:id',
    tag: 'Credits',
    access: 'owner',
    summary: 'Say whom the billing service knows a workspace as. Only for the owner of the server',
    params: idParams,
    body: z.strictObject({
      /** Such as cus_NffrFeUfNV2Hib; null: what it uses is billed to nobody. */
      customerId: z.string().trim().min(1).max(255).nullable(),
    }),
    response: billingStateSchema,
  },
  buyCredits: {
    method: 'post',
    path: '/credits/checkout',
    tag: 'Credits',
    access: 'owner',
    summary:
      'Begin to buy credits for the workspace: answers with the page to pay on. The header Idempotency-Key is needed',
    body: z.strictObject({ credits: creditAmountSchema }),
    response: z.strictObject({ url: z.url() }),
    status: 201,
  },
} as const satisfies Record<string, Route>;
