import type { Graph } from '@imaginarium/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** The workflows of the workspace, the last changed first. */
export function useWorkflows() {
  return useQuery({
    queryKey: queryKeys.workflows,
    queryFn: async ({ signal }) => (await client.call('listWorkflows', {}, { signal })).workflows,
  });
}

/** The versions of a workflow, the newest first. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: queryKeys.versions(id),
    queryFn: async ({ signal }) => (await client.call('listVersions', { params: { id } }, { signal })).versions,
  });
}

export function useCreateWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; graph?: Graph }) => client.call('createWorkflow', { body }),
    onSuccess: (workflow) => {
      queries.setQueryData(queryKeys.workflow(workflow.id), workflow);
      return queries.invalidateQueries({ queryKey: queryKeys.workflows });
    },
  });
}

export function useRenameWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      client.call('renameWorkflow', { params: { id }, body: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.workflows }),
  });
}

export function useDeleteWorkflow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.call('deleteWorkflow', { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.workflows }),
  });
}

/** Makes a version of the draft as the server holds it. */
export function useCreateVersion(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (label?: string) => client.call('createVersion', { params: { id }, body: { label } }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.versions(id) }),
        queries.invalidateQueries({ queryKey: queryKeys.workflows }),
      ]),
  });
}
