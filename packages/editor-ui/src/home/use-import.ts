import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { client } from '../api/client.ts';
import { queryKeys } from '../api/query-keys.ts';
import { readWorkflowFile } from './workflow-file.ts';

/** Makes a workflow of a file and opens it. */
export function useImport() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => client.call('createWorkflow', { body: await readWorkflowFile(file) }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: queryKeys.workflows });
      await navigate(`/workflows/${id}`);
    },
  });
}
