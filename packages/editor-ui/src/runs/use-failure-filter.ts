import { ERROR_CODES, type ErrorCode } from '@imaginarium/protocol';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { RunFilter } from '../api/query-keys.ts';
import { useRunFilter } from './use-run-filter.ts';

/** How far back the list goes, in hours, by the word in the address. */
const SPANS = { hour: 1, day: 24, week: 168 } as const;
export type Span = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as Span[];

export interface FailureFilter {
  workflowId?: string | undefined;
  errorCode?: ErrorCode | undefined;
  within?: Span | undefined;
}

/** The filter of the failed runs as the address bar holds it, and what it asks the server for. */
export function useFailureFilter(): {
  filter: FailureFilter;
  query: RunFilter;
  /** Puts another filter in the place of this one. */
  change: (filter: FailureFilter) => void;
} {
  const [search, setSearch] = useSearchParams();
  const [{ workflowId }] = useRunFilter();
  const errorCode = ERROR_CODES.find((code) => code === search.get('error'));
  const within = SPAN_NAMES.find((name) => name === search.get('within'));
  const query = useMemo((): RunFilter => {
    // One moment for all pages: a list whose begin moves on would lose its place.
    const since = within && new Date(Date.now() - SPANS[within] * 3_600_000).toISOString();
    return { dismissed: 'false', workflowId, errorCode, createdAfter: since };
  }, [workflowId, errorCode, within]);
  const change = (filter: FailureFilter) =>
    setSearch({
      ...(filter.workflowId ? { workflow: filter.workflowId } : {}),
      ...(filter.errorCode ? { error: filter.errorCode } : {}),
      ...(filter.within ? { within: filter.within } : {}),
    });
  return { filter: { workflowId, errorCode, within }, query, change };
}
