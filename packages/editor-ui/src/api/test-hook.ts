import type { Run, TestHook } from '@imaginarium/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often it is asked whether somebody has called, in milliseconds. */
const LOOK_MS = 2000;
/** Runs that are looked through for calls: as many as others start meanwhile. */
const LOOKED_AT = 20;

/** An address that runs the draft for a while, and the last run that was there before it; null where none was. */
export interface OpenTestHook extends TestHook {
  lastRun: string | null;
}

/** Opens an address for a Webhook of the draft; one that was open before ends. */
export function useOpenTestHook(workflowId: string) {
  return useMutation({
    mutationFn: async (node: string): Promise<OpenTestHook> => {
      const { runs } = await client.call('listRuns', { query: { workflowId, limit: 1 } });
      const hook = await client.call('openTestHook', { params: { id: workflowId }, body: { node } });
      return { ...hook, lastRun: runs[0]?.id ?? null };
    },
  });
}

/** The run that the last call of a test address started; undefined while there is none. */
export function useTestCall(workflowId: string, hook: OpenTestHook | undefined): Run | undefined {
  const { data } = useQuery({
    queryKey: queryKeys.testCalls(workflowId, hook?.path ?? ''),
    enabled: hook !== undefined,
    refetchInterval: LOOK_MS,
    queryFn: async ({ signal }) => {
      const { runs } = await client.call('listRuns', { query: { workflowId, limit: LOOKED_AT } }, { signal });
      const before = runs.findIndex(({ id }) => id === hook?.lastRun);
      const since = before < 0 ? runs : runs.slice(0, before);
      return since.find(({ trigger, version }) => trigger === 'webhook' && version === null) ?? null;
    },
  });
  return data ?? undefined;
}
