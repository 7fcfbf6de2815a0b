import { RUN_STATES } from '@imaginarium/protocol';
import { useSearchParams } from 'react-router';
import type { RunFilter } from '../api/query-keys.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The filter as the address bar holds it, so that it can be bookmarked, shared and gone back from. */
export function useRunFilter(): [filter: RunFilter, change: (part: Partial<RunFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const workflow = search.get('workflow');
  const filter: RunFilter = {
    state: RUN_STATES.find((state) => state === search.get('state')),
    // What the server would refuse is no filter.
    workflowId: workflow && UUID.test(workflow) ? workflow : undefined,
  };
  const change = (part: Partial<RunFilter>) => {
    const { state, workflowId } = { ...filter, ...part };
    setSearch({ ...(state ? { state } : {}), ...(workflowId ? { workflow: workflowId } : {}) });
  };
  return [filter, change];
}
