import { catalogueOf, type NodeDescription } from '@imaginarium/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** The node types that are installed and the packages that bring them. */
export function useNodeTypes() {
  return useQuery({
    queryKey: queryKeys.nodeTypes,
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => client.call('listNodeTypes', {}, { signal }),
  });
}

/** The installed node types by type and version; empty until they are fetched. */
export function useCatalogue() {
  const { data } = useNodeTypes();
  return useMemo(() => catalogueOf((data?.types ?? []) as NodeDescription[], data?.packages), [data]);
}
