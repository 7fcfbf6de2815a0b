import type { WorkspaceCredits } from '../credits/ledger.ts';
import type { Sale } from './billing.ts';

/** Credits that were bought. */
export interface Purchase {
  /** The checkout. */
  id: string;
  workspaceId: string;
  /** What refunds name; null when nothing was paid with. */
  payment: string | null;
  credits: number;
}

/** What came of taking credits back. */
export interface TakenBack {
  purchase: Purchase;
  taken: number;
  /** Credits that were spent or set aside, and stayed. */
  missing: number;
}

/** What was bought, so that a refund of money finds its credits. */
export interface Purchases {
  /** Notes a purchase; one that is noted already is left alone. */
  note(purchase: Purchase): Promise<void>;
  /**
   * Takes out of the wallet the credits of money that went back, `refunded` of `of` in all until now, as far as they are not spent, and notes
   * it, in one transaction: however often and in whatever order it is told, each credit is taken once. What could not be taken is noted for
   * whoever owns the server, and told to those who look after the workspace.
   * @returns undefined where nothing is new, or nobody bought credits with this payment.
   */
  takeBack(back: { payment: string; refunded: number; of: number }): Promise<TakenBack | undefined>;
}

export interface SaleDeps {
  purchases: Purchases;
  hasWorkspace(id: string): Promise<boolean>;
  creditsOf(workspaceId: string): WorkspaceCredits;
  log: { warn(data: object, message: string): void };
}

const SERVER = 'server';

/**
 * Does to the ledger what happened to a payment, once however often it is told: credits that were paid for come into the wallet, and those of
 * money that went back are taken out, as far as they are not spent.
 */
export async function applySale(sale: Sale, deps: SaleDeps): Promise<void> {
  if (sale.kind === 'paid') return bring(sale, deps);
  // Other things may be sold by the same account.
  const back = await deps.purchases.takeBack(sale);
  if (!back || back.missing === 0) return;
  const { purchase, missing } = back;
  deps.log.warn(
    { checkout: purchase.id, workspaceId: purchase.workspaceId, missing },
    'money went back for credits that are spent or set aside: what is left of them was taken',
  );
}

async function bring(sale: Sale & { kind: 'paid' }, deps: SaleDeps): Promise<void> {
  const { id, workspaceId, credits } = sale;
  if (!(await deps.hasWorkspace(workspaceId))) {
    deps.log.warn(
      { checkout: id, workspaceId, credits },
      'credits were paid for a workspace that is not on this server',
    );
    return;
  }
  const transfer = { amount: credits, actor: SERVER, reason: `Bought: ${id}`, idempotencyKey: `sale:${id}` };
  await deps.creditsOf(workspaceId).purchase(transfer);
  await deps.purchases.note(sale);
}
