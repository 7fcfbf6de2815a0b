import type { QueueState } from '@imaginarium/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** The queue as it stands, asked for again every few seconds. */
export function useQueue() {
  return useQuery({
    queryKey: queryKeys.queue,
    queryFn: ({ signal }) => client.call('getQueue', {}, { signal }),
    refetchInterval: 3000,
  });
}

/** Pauses or resumes everything, or one workspace. */
export function useChangeQueue() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ to, workspaceId }: { to: 'paused' | 'resumed'; workspaceId?: string }): Promise<QueueState> => {
      const body = workspaceId === undefined ? {} : { workspaceId };
      return to === 'paused' ? client.call('pauseQueue', { body }) : client.call('resumeQueue', { body });
    },
    onSuccess: (state) => queries.setQueryData(queryKeys.queue, state),
  });
}
