import { createHash } from 'node:crypto';
import type { Principal } from '../accounts/account-store.ts';
import type { BillingOutbox } from '../billing/outbox.ts';
import { moneyOf } from '../runs/workspace-quote.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

type BillingRoute = 'getBilling' | 'setBillingCustomer' | 'buyCredits';
type BillingDeps = Pick<AppDeps, 'accounts' | 'config' | 'billing' | 'shop' | 'prices'>;

/** Billing, which is the server owner's; and buying credits, which is up to whoever owns a workspace. */
export function billingHandlers({
  accounts,
  config,
  billing,
  shop,
  prices,
}: BillingDeps): Pick<Handlers, BillingRoute> {
  const outboxFor = async ({ user }: Principal): Promise<BillingOutbox> => {
    if (!(await accounts.isServerOwner(user.id)))
      throw new HttpError('not-allowed', 'Only the owner of the server sees and changes who is billed.');
    if (billing) return billing;
    throw new HttpError('not-found', 'Nothing is billed on this server. Set IMAGINARIUM_BILLING_STRIPE_KEY for that.');
  };
  return {
    getBilling: async ({ principal }) => (await outboxFor(principal)).state(),

    async setBillingCustomer({ principal, params, body }) {
      const outbox = await outboxFor(principal);
      if (!(await accounts.hasWorkspace(params.id)))
        throw new HttpError('not-found', `There is no workspace ${params.id} on this server.`);
      await outbox.setCustomer(params.id, body.customerId);
      return outbox.state();
    },

    async buyCredits({ principal, body, req }) {
      if (!shop || config.publicUrl === null)
        throw new HttpError(
          'not-found',
          'No credits are sold on this server. Set IMAGINARIUM_BILLING_STRIPE_WEBHOOK_SECRET for that.',
        );
      const key = idempotencyKeyOf(req);
      if (key === undefined)
        throw new HttpError(
          'bad-request',
          'Idempotency-Key: expected a key of your own, so that a repeat begins nothing twice; received none',
        );
      const { currency } = await prices.current();
      const { id: workspaceId } = principal.workspace;
      return shop.checkout({
        ...{ workspaceId, credits: body.credits, returnUrl: `${config.publicUrl}/wallet` },
        price: { amount: moneyOf(body.credits, currency), currency: currency.code },
        // Keys of two workspaces are two keys, however they read.
        idempotencyKey: createHash('sha256').update(`${workspaceId} ${key}`).digest('hex'),
        customer: await billing?.customerOf(workspaceId),
      });
    },
  };
}
