import type { WorkspaceQuote } from '@imaginarium/protocol';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { queryKeys } from '../../api/query-keys.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';

const workflowIdOf = (state: EditorState) => state.workflowId;
const revisionOf = (state: EditorState) => state.revision;
const runIdOf = (state: EditorState) => state.run?.run.id;

/** The prices of running up to a node and from it on. */
export interface PartQuotes {
  to: WorkspaceQuote | undefined;
  from: WorkspaceQuote | undefined;
}

/**
 * Asks what the parts of the workflow at a node would cost, of the draft as it was saved last.
 * @param node asked for only while there is one; what cannot run has no price.
 */
export function usePartQuotes(node: string | undefined): PartQuotes {
  const params = { id: useEditor(workflowIdOf) };
  const revision = useEditor(revisionOf);
  const runId = useEditor(runIdOf);
  const asked = { revision, runId, node };
  const to = useQuery({
    queryKey: queryKeys.partQuote(params.id, { ...asked, part: 'to' }),
    queryFn: ({ signal }) => client.call('quoteRun', { params, body: { until: node } }, { signal }),
    enabled: node !== undefined,
  });
  const from = useQuery({
    queryKey: queryKeys.partQuote(params.id, { ...asked, part: 'from' }),
    queryFn: ({ signal }) =>
      client.call('quoteRun', { params, body: { from: { runId: runId ?? '', node: node ?? '' } } }, { signal }),
    enabled: node !== undefined && runId !== undefined,
  });
  return { to: to.data, from: from.data };
}
