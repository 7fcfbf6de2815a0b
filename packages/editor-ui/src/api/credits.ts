import { ApiError } from '@imaginarium/client';
import { API_PREFIX, type Receipt, routes } from '@imaginarium/protocol';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys, type TransferFilter } from './query-keys.ts';

const PAGE_LENGTH = 50;

/** What the workspace has, and whether the caller may give credits. */
export function useWallet() {
  return useQuery({
    queryKey: queryKeys.wallet,
    queryFn: ({ signal }) => client.call('getWallet', {}, { signal }),
    // What is set aside changes with each run.
    refetchInterval: 10_000,
  });
}

/** Sets what the workspace may spend in each month; null ends its budget. */
export function useSetBudget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (amount: number | null) => client.call('setBudget', { body: { amount } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.wallet }),
  });
}

/** Credits that moved, the newest first, page by page. */
export function useTransfers(filter: TransferFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.transfers(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call('listTransfers', { query: { ...filter, limit: PAGE_LENGTH, cursor: pageParam } }, { signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/**
 * What became of the credits of a run.
 * @param stands how the run stands: when that changes, the receipt is asked for anew.
 */
export function useReceipt(runId: string, stands: string, enabled: boolean) {
  return useQuery({
    queryKey: [...queryKeys.receipt(runId), stands],
    queryFn: async ({ signal }): Promise<Receipt | null> => {
      try {
        return await client.call('getReceipt', { params: { id: runId } }, { signal });
      } catch (error) {
        // Runs from before there was a ledger have none.
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** Where the ledger is downloaded as CSV, whole or as far as it fits a filter. */
export function transfersCsvUrl(filter: TransferFilter): string {
  const pairs = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = new URLSearchParams(pairs);
  return `${API_PREFIX}${routes.exportTransfers.path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Credits that the owner of the server gives to a workspace. The same key twice gives them once. */
export interface Grant {
  workspaceId: string;
  amount: number;
  reason: string;
  idempotencyKey: string;
}

/** Begins to buy credits; answers with the page to pay on. */
export function useBuyCredits() {
  return useMutation({
    mutationFn: ({ credits, idempotencyKey }: { credits: number; idempotencyKey: string }) =>
      client.call('buyCredits', { body: { credits } }, { idempotencyKey }),
  });
}

/** The wallets of all workspaces, for the owner of the server. */
export function useWallets() {
  return useQuery({
    queryKey: queryKeys.wallets,
    queryFn: ({ signal }) => client.call('listWallets', { query: { limit: 1000 } }, { signal }),
  });
}

export function useGrantCredits() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ idempotencyKey, ...body }: Grant) => client.call('grantCredits', { body }, { idempotencyKey }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.credits }),
  });
}
