import type { PriceListWithHistory, Prices } from '@imaginarium/protocol';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** The prices that count now, with the versions there were. */
export function usePrices() {
  return useQuery({
    queryKey: queryKeys.prices,
    queryFn: ({ signal }) => client.call('getPrices', { query: {} }, { signal }),
  });
}

/** Fetches one version of the prices, for a draft that goes back to it. */
export function usePriceVersion() {
  return useMutation({
    mutationFn: (version: number) => client.call('getPrices', { query: { version } }),
  });
}

/** What prices would change; null asks for nothing. What was known stays while the next is on its way. */
export function usePriceEffect(prices: Prices | null) {
  return useQuery({
    queryKey: [...queryKeys.prices, 'effect', prices],
    queryFn: ({ signal }) =>
      // Asked only where there are prices.
      client.call('previewPrices', { body: { prices: prices as Prices } }, { signal }),
    enabled: prices !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Publishes prices as the version after the one they were made from. */
export function usePublishPrices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { after: number; prices: Prices }) => client.call('savePrices', { body }),
    onSuccess: (list: PriceListWithHistory) => {
      queries.setQueryData(queryKeys.prices, list);
      // The wallet says what a credit is worth.
      return queries.invalidateQueries({ queryKey: queryKeys.credits });
    },
  });
}
