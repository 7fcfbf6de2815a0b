import type { Currency, Quote, WorkspaceQuote } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';

/** A quote with what it means for a workspace: money, and what its wallet and its budget have before and after. */
export async function workspaceQuote(
  { quote, currency }: { quote: Quote; currency: Currency },
  { config }: Pick<AppDeps, 'config'>,
  { credits }: Pick<WorkspaceStores, 'credits'>,
): Promise<WorkspaceQuote> {
  const available = config.credits.mode === 'metered' ? (await credits.balance()).available : null;
  const { left, beginsAgain } = await credits.budget();
  return {
    ...quote,
    ...{ currency: currency.code, amount: moneyOf(quote.total, currency) },
    wallet: available === null ? null : { available, after: available - quote.total },
    budget: left === null ? null : { left, after: left - quote.total, beginsAgain },
  };
}

/** What credits are worth, to a hundredth of the currency. */
export function moneyOf(credits: number, { perCredit }: Currency): number {
  return Math.round(credits * perCredit * 100) / 100;
}
