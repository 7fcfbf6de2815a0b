import { catalogueOf, type NodeDescription } from '@imaginarium/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
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

/** The newest installed version of a node type; undefined where there is none. */
export function useNewestType(type: string): NodeDescription | undefined {
  return useCatalogue().versionsOf(type)[0];
}

/** While a package is under development, asks for the node types again whenever it was loaded anew. */
export function useNodeTypesOfDevelopment(): void {
  const queries = useQueryClient();
  const { data } = useNodeTypes();
  const developing = data?.packages.some(({ development }) => development) ?? false;
  useEffect(() => {
    if (!developing) return undefined;
    return client.live.onNodeTypes(() => void queries.invalidateQueries({ queryKey: queryKeys.nodeTypes }));
  }, [developing, queries]);
}
