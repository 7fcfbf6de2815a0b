import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

const PAGE_LENGTH = 20;

/** How much the person was told and has not read: the server says so each time it changes. */
export function useUnread() {
  const queries = useQueryClient();
  useEffect(
    () =>
      client.live.onUnread((unread) => {
        if (queries.getQueryData(queryKeys.unread) === unread) return;
        queries.setQueryData(queryKeys.unread, unread);
        void queries.invalidateQueries({ queryKey: queryKeys.noticeList });
      }),
    [queries],
  );
  return useQuery({
    queryKey: queryKeys.unread,
    queryFn: async ({ signal }) => (await client.call('listNotices', { query: { limit: 1 } }, { signal })).unread,
  });
}

/** What the person was told, the newest first, page by page. */
export function useNotices() {
  return useInfiniteQuery({
    queryKey: queryKeys.noticeList,
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
