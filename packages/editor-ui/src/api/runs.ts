import type { JsonObject, Run, RunDetail } from '@imaginarium/protocol';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { freshRun } from './fresh-run.ts';
import { queryKeys, type RunFilter } from './query-keys.ts';

const PAGE_LENGTH = 40;
/** Most runs that the API repeats and dismisses with one call. */
const REPEATED_AT_ONCE = 50;
const DISMISSED_AT_ONCE = 200;

/** The runs that fit a filter, the newest first, page by page. */
export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.runs(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call('listRuns', { query: { ...filter, limit: PAGE_LENGTH, cursor: pageParam } }, { signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Only runs that may still change are asked for again.
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.runs.some(isActive)) ? 4000 : false),
  });
}

/** The last few runs of the workspace. */
export function useRecentRuns(count: number) {
  return useQuery({
    queryKey: queryKeys.recentRuns(count),
    queryFn: async ({ signal }) => (await client.call('listRuns', { query: { limit: count } }, { signal })).runs,
    refetchInterval: (query) => (query.state.data?.some(isActive) ? 3000 : false),
  });
}

/** A run with its steps and graph, as it stood when it was fetched. `useLiveRun` keeps it up to date. */
export function useRun(id: string) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: queryKeys.run(id),
    queryFn: ({ signal }): Promise<RunDetail> => {
      const known = queries.getQueryData<RunDetail>(queryKeys.run(id));
      return known ? freshRun(client, known, { signal }) : client.call('getRun', { params: { id } }, { signal });
    },
    // What it waits for is in no event.
    refetchInterval: ({ state }) => (state.data?.state === 'queued' ? 5000 : false),
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.call('cancelRun', { params: { id } }),
    onSettled: (_run, _error, id) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.run(id) }),
        queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
      ]),
  });
}

/** How a run is repeated: from its start with its inputs or others, or from the step that failed. */
export interface RepeatHow {
  from?: 'start' | 'failed';
  inputs?: JsonObject;
}

/** Runs again what a run ran; answers the new run. */
export function useRepeatRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: RepeatHow & { id: string }) => client.call('repeatRun', { params: { id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
  });
}

/** Runs several runs again, each with its own inputs. */
export function useRepeatRuns() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ runIds, from }: { runIds: string[]; from: 'start' | 'failed' }) => {
      const answers = [];
      for (const part of parts(runIds, REPEATED_AT_ONCE))
        answers.push(await client.call('repeatRuns', { body: { runIds: part, from } }));
      return answers.flatMap(({ results }) => results);
    },
    // What was done before something failed is done.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
  });
}

/** Says that failed runs need nothing more. */
export function useDismissRuns() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (runIds: string[]) => {
      for (const part of parts(runIds, DISMISSED_AT_ONCE)) await client.call('dismissRuns', { body: { runIds: part } });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
  });
}

/** A list in parts that the API takes. */
function parts<Entry>(list: readonly Entry[], length: number): Entry[][] {
  const count = Math.ceil(list.length / length);
  return Array.from({ length: count }, (_, index) => list.slice(index * length, (index + 1) * length));
}

function isActive(run: Run): boolean {
  return run.state === 'queued' || run.state === 'running' || run.state === 'waiting';
}
