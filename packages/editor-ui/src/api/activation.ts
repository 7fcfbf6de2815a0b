import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** The version of a workflow whose triggers listen; null when none does. */
export function useActivation(id: string, { enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: queryKeys.activation(id),
    enabled,
    queryFn: async ({ signal }) => (await client.call('getActivation', { params: { id } }, { signal })).activation,
  });
}

/** Lets a version listen, or with null none. */
export function useActivate(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (version: number | null) => {
      if (version === null) await client.call('deactivate', { params: { id } });
      else await client.call('activate', { params: { id }, body: { version } });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.activation(id) }),
  });
}
