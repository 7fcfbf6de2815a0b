import { styleText } from 'node:util';
import type { Quote } from '@imaginarium/protocol';
import { addedTime, duration } from './added-time.ts';

/** A quote with what a credit is worth. */
interface MoneyQuote {
  quote: Quote;
  currency: { code: string; perCredit: number };
}

/** What the cache has of a step. */
const KEPT = { no: '', maybe: ', free if kept from before', yes: ', kept from before' };

/** Prints what a run would cost and how long it would take: as lines for people, or as one document of JSON. */
export function printQuote({ quote, currency }: MoneyQuote, json: boolean): void {
  const { total, least, most, nodes, bundle, estimateMs, measured } = quote;
  const { code, perCredit } = currency;
  const money = Math.round(total * perCredit * 100) / 100;
  if (json) {
    const items = nodes.map(({ items: count, ...node }) => ({ ...node, count }));
    console.log(
      JSON.stringify({
        total,
        currency: code,
        amount: total * perCredit,
        least,
        most,
        items,
        bundle,
        estimateMs,
        measured,
      }),
    );
    return;
  }
  const width = Math.max(...nodes.map(({ name }) => name.length), 5);
  for (const { name, items, credits, saved, cache, remarks = [] } of nodes) {
    console.log(
      `  ${name.padEnd(width)}  ${String(credits).padStart(6)}  ${items} ${items === 1 ? 'item' : 'items'}${saved > 0 ? `, ${saved} saved as a batch` : ''}${KEPT[cache]}`,
    );
    for (const remark of remarks) console.log(styleText('yellow', `  ${' '.repeat(width)}  ${remark}`));
  }
  if (bundle) console.log(`  ${bundle.title}: ${bundle.credits} off`);
  const range = most === total && least === total ? '' : ` (from ${least} ${most === null ? 'up' : `to ${most}`})`;
  console.log(
    `${total} ${total === 1 ? 'credit' : 'credits'}${range}, ${code} ${money}, about ${duration(estimateMs)}${nodes.map(({ adds }) => (adds ? addedTime(adds) : '')).join('')}`,
  );
}
