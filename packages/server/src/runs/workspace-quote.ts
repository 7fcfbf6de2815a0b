import type { Currency, Quote, WorkspaceQuote } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';

/** A quote with what it means for a workspace: money, and what its wallet has before and after. */
export async function workspaceQuote(
  { quote, currency }: { quote: Quote; currency: Currency },
  { config }: Pick<AppDeps, 'config'>,
  { credits }: Pick<WorkspaceStores, 'credits'>,
): Promise<WorkspaceQuote> {
  const available = config.credits.mode === 'metered' ? (await credits.balance()).available : null;
  return {
    ...quote,
    ...{ currency: currency.code, amount: moneyOf(quote.total, currency) },
    wallet: available === null ? null : { available, after: available - quote.total },
  };
}

/** What credits are worth, to a hundredth of the currency. */
export function moneyOf(credits: number, { perCredit }: Currency): number {
  return Math.round(credits * perCredit * 100) / 100;
}
