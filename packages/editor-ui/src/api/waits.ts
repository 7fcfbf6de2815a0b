import type { Decision, Wait, WaitKind } from '@imaginarium/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often is asked who waits for an answer. */
const LOOK_MS = 15_000;

/** What a run waits for. */
export function useWaitsOf(runId: string, { enabled }: { enabled: boolean }) {
  return useWaits(queryKeys.waitsOf(runId), { runId }, enabled);
}

/** The questions of runs to people, those that wait longest first. */
export function useQuestions() {
  return useWaits(queryKeys.questions, { kind: 'approval' });
}

function useWaits(queryKey: readonly unknown[], query: { runId?: string; kind?: WaitKind }, enabled = true) {
  return useQuery({
    ...{ queryKey, enabled, refetchInterval: LOOK_MS },
    queryFn: ({ signal }) => client.call('listWaits', { query: { ...query, limit: 200 } }, { signal }),
  });
}

/** Says yes or no to what a run asks. */
export function useAnswerWait() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ wait, ...body }: Decision & { wait: Wait }) =>
      client.call('answerWait', { params: { id: wait.id }, body }),
    // Also when it was refused: somebody else may have answered.
    onSettled: (_answer, _error, { wait }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.waits }),
        queries.invalidateQueries({ queryKey: queryKeys.run(wait.runId) }),
      ]),
  });
}
