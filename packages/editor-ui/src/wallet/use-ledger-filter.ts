import { TRANSFER_KINDS, type TransferKind } from '@imaginarium/protocol';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { TransferFilter } from '../api/query-keys.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filter of the ledger as a person thinks of it: days are theirs, and both are part of what is shown. */
export interface LedgerFilter {
  kind?: TransferKind | undefined;
  run?: string | undefined;
  /** A day such as 2026-11-21. */
  from?: string | undefined;
  to?: string | undefined;
}

/** The filter as the address bar holds it, and what it asks the server for. What the server would refuse is no filter. */
export function useLedgerFilter(): {
  filter: LedgerFilter;
  query: TransferFilter;
  /** Changes a part of the filter. */
  change: (part: LedgerFilter) => void;
  clear: () => void;
} {
  const [search, setSearch] = useSearchParams();
  const kind = TRANSFER_KINDS.find((name) => name === search.get('kind'));
  const run = fitting(UUID, search.get('run'));
  const from = dayOf(search.get('from'));
  const to = dayOf(search.get('to'));
  const query = useMemo(
    (): TransferFilter => ({ kind, runId: run, from: from && startOf(from, 0), to: to && startOf(to, 1) }),
    [kind, run, from, to],
  );
  const filter = { kind, run, from, to };
  const change = (part: LedgerFilter) => {
    const next = Object.entries({ ...filter, ...part });
    setSearch(Object.fromEntries(next.filter((pair): pair is [string, string] => !!pair[1])));
  };
  return { filter, query, change, clear: () => setSearch({}) };
}

function fitting(pattern: RegExp, value: string | null): string | undefined {
  return value !== null && pattern.test(value) ? value : undefined;
}

function dayOf(value: string | null): string | undefined {
  const day = fitting(DAY, value);
  return day !== undefined && !Number.isNaN(Date.parse(`${day}T00:00`)) ? day : undefined;
}

/** When a day begins where the browser is, or the day so many later. */
function startOf(day: string, later: number): string {
  const start = new Date(`${day}T00:00`);
  start.setDate(start.getDate() + later);
  return start.toISOString();
}
