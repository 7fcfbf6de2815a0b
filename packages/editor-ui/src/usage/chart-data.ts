import type { Usage } from '@imaginarium/protocol';

const DAY_MS = 86_400_000;

/** Node types that have a colour of their own; the others are one. */
export const SHOWN_TYPES = 6;

/** Credits of each day by node type, as the chart stacks them. */
export interface UsageChartData {
  /** What is stacked, what cost most first; null is all the others together. */
  types: (string | null)[];
  /** Every day of the range, with credits in the order of `types`. */
  days: { day: string; credits: number[] }[];
}

/** Arranges usage by day and node type for the chart: days on which nothing was used are there, too. */
export function chartDataOf({ from, to, rows }: Pick<Usage, 'from' | 'to' | 'rows'>): UsageChartData {
  const totals = new Map<string | null, number>();
  for (const { nodeType, credits } of rows) totals.set(nodeType, (totals.get(nodeType) ?? 0) + credits);
  const sorted = [...totals].filter(([, credits]) => credits > 0).sort(([, a], [, b]) => b - a);
  const named = sorted.filter(([type]) => type !== null).slice(0, SHOWN_TYPES);
  const types: (string | null)[] = named.map(([type]) => type);
  if (sorted.length > named.length) types.push(null);
  const days = new Map<string, number[]>();
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY_MS)
    days.set(
      new Date(time).toISOString().slice(0, 10),
      types.map(() => 0),
    );
  for (const { day, nodeType, credits } of rows) {
    const sums = day === null ? undefined : days.get(day);
    const own = types.indexOf(nodeType);
    const place = own === -1 ? types.indexOf(null) : own;
    if (sums && place !== -1) sums[place] = (sums[place] ?? 0) + credits;
  }
  return { types, days: [...days].map(([day, credits]) => ({ day, credits })) };
}
