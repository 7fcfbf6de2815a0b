import { daySchema, USAGE_BY, type UsageBy } from '@imaginarium/protocol';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { UsageFilter } from '../api/query-keys.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the table adds up by; the chart is always by day and node type. */
export const TABLE_BY = USAGE_BY.filter((by) => by !== 'day-type');

/** What the address bar says: by what the table adds up, and what is looked at. What the server would refuse is no filter. */
export interface UsageView extends UsageFilter {
  by: UsageBy;
}

/** The view as the address bar holds it. */
export function useUsageFilter(): {
  view: UsageView;
  filter: UsageFilter;
  /** The address of this screen with a part of the view changed. */
  hrefOf: (part: Partial<UsageView>) => string;
  change: (part: Partial<UsageView>) => void;
} {
  const [search, setSearch] = useSearchParams();
  const by = TABLE_BY.find((name) => name === search.get('by')) ?? 'type';
  const [from, to] = [dayOf(search.get('from')), dayOf(search.get('to'))];
  const workflowId = UUID.test(search.get('workflow') ?? '') ? (search.get('workflow') ?? undefined) : undefined;
  const nodeType = textOf(search.get('type'));
  const person = textOf(search.get('person'));
  const filter = useMemo(
    (): UsageFilter => ({ from, to, workflowId, nodeType, person }),
    [from, to, workflowId, nodeType, person],
  );
  const view = { ...filter, by };
  const pairsOf = (part: Partial<UsageView>) => {
    const next = { ...view, ...part };
    const pairs = {
      ...{ by: next.by === 'type' ? undefined : next.by, from: next.from, to: next.to },
      ...{ workflow: next.workflowId, type: next.nodeType, person: next.person },
    };
    return Object.fromEntries(Object.entries(pairs).filter((pair): pair is [string, string] => !!pair[1]));
  };
  return {
    ...{ view, filter },
    hrefOf: (part) => `?${new URLSearchParams(pairsOf(part))}`,
    change: (part) => setSearch(pairsOf(part)),
  };
}

function dayOf(value: string | null): string | undefined {
  return daySchema.safeParse(value).success ? (value ?? undefined) : undefined;
}

function textOf(value: string | null): string | undefined {
  return value !== null && value !== '' && value.length <= 200 ? value : undefined;
}
