import { type Asset, type AssetSummary, isTerminal, type UpscaleTier } from '@imaginarium/protocol';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from './client.ts';
import { type AssetFilter, queryKeys } from './query-keys.ts';

const PAGE_LENGTH = 40;
/** How often an upscale that goes on is asked for. */
const GOING_ON_MS = 2000;

/** Asks again for the assets that are shown when any has changed, whoever changed it: another window, another application, a run. */
export function useLiveAssets(): void {
  const queries = useQueryClient();
  useEffect(
    () => client.live.onAssets(() => void queries.invalidateQueries({ queryKey: queryKeys.allAssets })),
    [queries],
  );
}

/** How the webhooks stand that tell of the versions of an asset. */
export function useWebhooks(assetId: string, enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.assetWebhooks(assetId),
    queryFn: async ({ signal }) =>
      (await client.call('listWebhooks', { params: { id: assetId } }, { signal })).webhooks,
    enabled,
    // What is being sent is told of soon.
    refetchInterval: ({ state }) => (state.data?.some((webhook) => webhook.state === 'due') ? GOING_ON_MS : false),
  });
}

/** Has an application told again of a version. */
export function useSendWebhookAgain(assetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (versionId: string) => client.call('sendWebhookAgain', { params: { id: versionId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.assetWebhooks(assetId) }),
  });
}

/** The assets that fit a filter, the newest first, page by page. */
export function useAssets(filter: AssetFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.assets(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call('listAssets', { query: { ...filter, limit: PAGE_LENGTH, cursor: pageParam } }, { signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ assets }) => assets.some(isActive)) ? 2 * GOING_ON_MS : false,
  });
}

function isActive({ newestVersion }: AssetSummary): boolean {
  return newestVersion !== null && !isTerminal(newestVersion.state);
}

/** An asset with its versions, followed while one of them is being made. */
export function useAsset(id: string) {
  return useQuery({
    queryKey: queryKeys.asset(id),
    queryFn: ({ signal }) => client.call('getAsset', { params: { id } }, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.versions.some((version) => !isTerminal(version.state)) ? GOING_ON_MS : false,
  });
}

/** What an upscale of an asset would cost in each tier, and how long it would take. */
export function useUpscaleQuotes(id: string, enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.upscaleQuotes(id),
    queryFn: async ({ signal }) => (await client.call('quoteUpscales', { params: { id } }, { signal })).quotes,
    enabled,
    // Prices and what the wallet has may have changed since the dialog was open last.
    staleTime: 0,
  });
}

/** As {@link useUpscaleQuotes}, for several assets in one run, with those that each tier would leave out. */
export function useBatchQuotes(assetIds: readonly string[], enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.batchQuotes(assetIds),
    queryFn: async ({ signal }) =>
      (await client.call('quoteUpscaleBatch', { body: { assetIds: [...assetIds] } }, { signal })).quotes,
    enabled,
    staleTime: 0,
  });
}

interface StartUpscale {
  tier: UpscaleTier;
  maxCredits: number;
  key: string;
}

/** Starts an upscale of an asset; it is refused when it has come to cost more than was shown. */
export function useStartUpscale(id: string) {
  const onSettled = useUpscaleSettled();
  return useMutation({
    mutationFn: ({ key, ...body }: StartUpscale) =>
      client.call('startUpscale', { body: { assetId: id, ...body } }, { idempotencyKey: key }),
    onSettled,
  });
}

/** As {@link useStartUpscale}, for several assets in one run. */
export function useStartUpscaleBatch() {
  const onSettled = useUpscaleSettled();
  return useMutation({
    mutationFn: ({ key, assetIds, ...wish }: StartUpscale & { assetIds: readonly string[] }) => {
      const items = assetIds.map((assetId) => ({ assetId }));
      return client.call('startUpscaleBatch', { body: { items, ...wish } }, { idempotencyKey: key });
    },
    onSettled,
  });
}

function useUpscaleSettled() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.allAssets }),
      queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
      queries.invalidateQueries({ queryKey: queryKeys.credits }),
    ]);
}

/** Makes an asset of an uploaded file. */
export function useRegisterAsset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { fileId: string; name: string }) => client.call('registerAsset', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.allAssets }),
  });
}

export function useRenameAsset(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => client.call('renameAsset', { params: { id }, body: { name } }),
    onSuccess: (asset: Asset) => {
      queries.setQueryData(queryKeys.asset(id), asset);
      return queries.invalidateQueries({ queryKey: queryKeys.assetLists });
    },
  });
}

export function useDeleteAsset(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.call('deleteAsset', { params: { id } }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: queryKeys.asset(id) });
      return queries.invalidateQueries({ queryKey: queryKeys.assetLists });
    },
  });
}
