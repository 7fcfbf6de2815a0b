import { API_PREFIX, routes, type UsageBy } from '@imaginarium/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys, type UsageFilter } from './query-keys.ts';

const LOOK_MS = 30_000;

/** What the workspace used, added up by something. */
export function useUsage(filter: UsageFilter, by: UsageBy) {
  const query = { ...filter, by };
  return useQuery({
    queryKey: queryKeys.usage(query),
    queryFn: ({ signal }) => client.call('getUsage', { query }, { signal }),
    refetchInterval: LOOK_MS,
    placeholderData: keepPreviousData,
  });
}

/** Where it is downloaded as CSV. */
export function usageCsvUrl(filter: UsageFilter, by: UsageBy): string {
  const pairs = Object.entries({ ...filter, by }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `${API_PREFIX}${routes.exportUsage.path}?${new URLSearchParams(pairs)}`;
}
