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
  /** Credits of it that were taken back, or that would have been had they not been spent. */
  takenBack: number;
}

/** What was bought, so that a refund of money finds its credits. */
export interface Purchases {
  /** Notes a purchase; one that is noted already is left alone. */
  note(purchase: Omit<Purchase, 'takenBack'>): Promise<void>;
  byPayment(payment: string): Promise<Purchase | undefined>;
  /**
   * Notes that money for so many credits in all went back, and how many were taken for what was new of it. What could not be taken is noted for
   * whoever owns the server, and told to those who look after the workspace.
   */
  noteTakenBack(purchase: Purchase, back: { due: number; taken: number }): Promise<void>;
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
  const purchase = await deps.purchases.byPayment(sale.payment);
  // Other things may be sold by the same account.
  if (purchase) await takeBack(purchase, sale, deps);
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

async function takeBack(purchase: Purchase, sale: Sale & { kind: 'refunded' }, deps: SaleDeps): Promise<void> {
  const due = Math.floor((purchase.credits * sale.refunded) / sale.of);
  const amount = due - purchase.takenBack;
  if (amount <= 0) return;
  // The key names what is due: told once more after a crash, it finds what was taken then.
  const taken = await deps.creditsOf(purchase.workspaceId).withdrawUpTo({
    ...{ amount, actor: SERVER, reason: `Money back: ${purchase.id}` },
    idempotencyKey: `refund:${purchase.id}:${due}`,
  });
  const missing = amount - taken;
  if (missing > 0)
    deps.log.warn(
      { checkout: purchase.id, workspaceId: purchase.workspaceId, missing },
      'money went back for credits that are spent or set aside: what is left of them was taken',
    );
  await deps.purchases.noteTakenBack(purchase, { due, taken });
}
