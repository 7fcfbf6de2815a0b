import { isTerminal, type RunDetail, type RunEvent } from '@imaginarium/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { type RunView, viewRun } from './run-view.ts';

/** Steps that finish together are fetched together. */
const REFETCH_AFTER_MS = 150;

/**
 * Keeps a fetched run up to date while it is under way, and brings its log when it is over. Events tell that a step finished,
 * not what it made, so the run is fetched again after it. One component shows one run: give it the run's id as `key`.
 */
export function useLiveRun(detail: RunDetail): RunView & { eventsError: Error | null } {
  const { events, error } = useRunEvents(detail);
  const view = useMemo(() => viewRun(detail, events), [detail, events]);
  return { ...view, eventsError: error };
}

function useRunEvents(detail: RunDetail) {
  const queries = useQueryClient();
  const { id } = detail;
  // A run that was over when the page opened has nothing to follow.
  const [over] = useState(isTerminal(detail.state));
  const [events, setEvents] = useState<readonly RunEvent[]>([]);
  const [error, setError] = useState<Error | null>(null);

  useEffect(() => {
    const add = (more: readonly RunEvent[]) => setEvents((before) => [...before, ...more]);
    setEvents([]);
    setError(null);
    if (over) {
      const stopped = new AbortController();
      client
        .call('listRunEvents', { params: { id }, query: { after: 0 } }, { signal: stopped.signal })
        .then((answer) => add(answer.events))
        .catch((reason: Error) => stopped.signal.aborted || setError(reason));
      return () => stopped.abort();
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refetch = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: queryKeys.run(id) });
    };
    const hear = (more: readonly RunEvent[]) => {
      add(more);
      const finished = more.some(({ type }) => type === 'run.finished');
      if (more.some(({ type }) => type === 'step.waiting'))
        void queries.invalidateQueries({ queryKey: queryKeys.waits });
      if (finished || more.some(({ type }) => type === 'step.finished'))
        timer ??= setTimeout(refetch, REFETCH_AFTER_MS);
      if (!finished) return;
      stop();
      void queries.invalidateQueries({ queryKey: queryKeys.allRuns });
      void queries.invalidateQueries({ queryKey: queryKeys.workflows });
      // The person may have been told of its end.
      void queries.invalidateQueries({ queryKey: queryKeys.notices });
    };
    const stop = client.live.watchRun(id, 0, hear, { onRefused: setError });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [id, over, queries]);

  return { events, error };
}
