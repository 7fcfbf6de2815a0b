import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

export function useApiKeys() {
  return useQuery({
    queryKey: queryKeys.apiKeys,
    queryFn: async ({ signal }) => (await client.call('listApiKeys', {}, { signal })).apiKeys,
  });
}

/** Makes a key; its answer is the only time the whole key is told. */
export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => client.call('createApiKey', { body: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

export function useDeleteApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.call('deleteApiKey', { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}
