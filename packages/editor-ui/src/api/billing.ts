import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How billing stands, for the owner of a server that bills. */
export function useBilling() {
  return useQuery({
    queryKey: queryKeys.billing,
    queryFn: ({ signal }) => client.call('getBilling', {}, { signal }),
    refetchInterval: 30_000,
  });
}

/** Says whom the billing service knows a workspace as; null for nobody. */
export function useSetBillingCustomer() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ workspaceId, customerId }: { workspaceId: string; customerId: string | null }) =>
      client.call('setBillingCustomer', { params: { id: workspaceId }, body: { customerId } }),
    onSuccess: (state) => queries.setQueryData(queryKeys.billing, state),
  });
}
