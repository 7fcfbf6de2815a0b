import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often is asked whether there is something new. */
const LOOK_MS = 15_000;
const PAGE_LENGTH = 20;

/** How much the person was told and has not read. */
export function useUnread() {
  return useQuery({
    queryKey: queryKeys.unread,
    refetchInterval: LOOK_MS,
    queryFn: async ({ signal }) => (await client.call('listNotices', { query: { limit: 1 } }, { signal })).unread,
  });
}

/** What the person was told, the newest first, page by page. */
export function useNotices() {
  return useInfiniteQuery({
    queryKey: queryKeys.noticeList,
    refetchInterval: LOOK_MS,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call('listNotices', { query: { limit: PAGE_LENGTH, cursor: pageParam } }, { signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Marks notices as read: those that are named, or all up to a moment. */
export function useReadNotices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { ids: string[] } | { upTo: string }) => client.call('readNotices', { body }),
    onSuccess: ({ unread }) => {
      queries.setQueryData(queryKeys.unread, unread);
      return queries.invalidateQueries({ queryKey: queryKeys.noticeList });
    },
  });
}
