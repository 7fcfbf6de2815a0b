import type { Transfer } from '@imaginarium/protocol';
import type { Request } from 'express';
import type { Principal } from '../accounts/account-store.ts';
import type { NewTransfer } from '../credits/ledger.ts';
import { priceEffect } from '../credits/price-effect.ts';
import { transferLines } from '../credits/transfer-lines.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

type CreditRoute =
  | 'getWallet'
  | 'setBudget'
  | 'listTransfers'
  | 'exportTransfers'
  | 'listWallets'
  | 'grantCredits'
  | 'recordPurchase'
  | 'withdrawCredits'
  | 'getReceipt'
  | 'refundRun'
  | 'getPrices'
  | 'previewPrices'
  | 'savePrices';

/** Transfers that one page of an export reads. */
const EXPORT_PAGE = 500;

/** Credits: everybody sees those of their workspace; only the owner of the server moves them by hand and sets prices. */
export function creditHandlers(
  deps: Pick<
    AppDeps,
    'accounts' | 'config' | 'openWorkspace' | 'prices' | 'wallets' | 'shop' | 'billing' | 'quoteRun' | 'catalogue'
  >,
): Pick<Handlers, CreditRoute> {
  const { accounts, config, openWorkspace, prices, wallets } = deps;
  const needServerOwner = async ({ user }: Principal) => {
    if (await accounts.isServerOwner(user.id)) return;
    throw new HttpError('not-allowed', 'Only the owner of the server may give and take credits, and change prices.');
  };
  const walletOf = async (principal: Principal, workspaceId: string | undefined) => {
    await needServerOwner(principal);
    const id = workspaceId ?? principal.workspace.id;
    if (!(await accounts.hasWorkspace(id)))
      throw new HttpError('not-found', `There is no workspace ${id} on this server.`);
    return openWorkspace(id).credits;
  };
  const priceList = async (asked?: number) => {
    const list = asked === undefined ? await prices.current() : await prices.find(asked);
    if (!list) throw new HttpError('not-found', `There is no version ${asked} of the prices.`);
    const { version, rules, bundles, currency } = list;
    return { version, rules, bundles, currency, history: await prices.history() };
  };
  return {
    async getWallet({ principal, stores }) {
      const { currency } = await prices.current();
      const mayManage = await accounts.isServerOwner(principal.user.id);
      return {
        mode: config.credits.mode,
        ...(await stores.credits.balance()),
        budget: await stores.credits.budget(),
        currency,
        mayBuy: deps.shop !== null && principal.workspace.role === 'owner',
        mayManage,
        mayBill: deps.billing !== null && mayManage,
      };
    },

    setBudget: ({ principal, stores, body }) => stores.credits.setBudget(body.amount, principal.user.id),

    listTransfers: ({ stores, query }) => stores.credits.list(query),

    async exportTransfers({ stores, query, res }) {
      res.setHeader('content-type', 'text/csv; charset=utf-8');
      res.setHeader('content-disposition', 'attachment; filename="credits.csv"');
      const pages = async function* () {
        let cursor: string | undefined;
        do {
          const page = await stores.credits.list({ ...query, limit: EXPORT_PAGE, cursor });
          yield page.transfers;
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
      };
      for await (const lines of transferLines(pages()))
        if (!res.write(lines)) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
      res.end();
      return undefined;
    },

    async listWallets({ principal, query }) {
      await needServerOwner(principal);
      return { wallets: await wallets.list(query.limit) };
    },

    async grantCredits({ principal, body, req }) {
      return (await walletOf(principal, body.workspaceId)).grant(transferOf(principal, body, req));
    },

    async recordPurchase({ principal, body, req }) {
      return (await walletOf(principal, body.workspaceId)).purchase(transferOf(principal, body, req));
    },

    async withdrawCredits({ principal, body, req }) {
      return (await walletOf(principal, body.workspaceId)).withdraw(transferOf(principal, body, req));
    },

    async getReceipt({ stores, params }) {
      const receipt = await stores.credits.receipt(params.id);
      if (!receipt) throw notFound('receipt of run', params.id);
      return receipt;
    },

    async refundRun({ principal, stores, params, body, req }): Promise<Transfer> {
      await needServerOwner(principal);
      return stores.credits.refund(params.id, transferOf(principal, body, req));
    },

    getPrices: ({ query }) => priceList(query.version),

    async previewPrices({ principal, stores, body }) {
      await needServerOwner(principal);
      return priceEffect(deps, stores.workflows, body.prices);
    },

    async savePrices({ principal, body }) {
      await needServerOwner(principal);
      await prices.add(body.after, body.prices, principal.user.name);
      return priceList();
    },
  };
}

function transferOf(
  { user }: Principal,
  { amount, reason }: { amount: number; reason: string },
  req: Request,
): NewTransfer {
  const idempotencyKey = idempotencyKeyOf(req);
  if (idempotencyKey === undefined)
    throw new HttpError(
      'bad-request',
      'Idempotency-Key: expected a key of your own, so that a repeat moves nothing twice; received none',
    );
  return { amount, reason, actor: user.id, idempotencyKey };
}
