import type { StepState } from '@imaginarium/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** Iterations that a list shows at a time. */
export const ITERATIONS_SHOWN = 50;
const LOOK_AGAIN_MS = 1000;

/** Which iterations of which loop. */
export interface IterationQuery {
  runId: string;
  /** The id of the loop node. */
  loop: string;
  /** The iteration of the loop around it; all of them when it is left out. */
  within?: string | undefined;
  state?: StepState | undefined;
  skip?: number;
  /** The run goes on: there may be more in a moment. */
  active: boolean;
  /** Whether anybody wants to know. Default true. */
  enabled?: boolean;
}

/** Some iterations of a loop in a run, with how many there are in which state. */
export function useIterations({ runId, loop, within, state, skip = 0, active, enabled = true }: IterationQuery) {
  const query = { loop, within, state, skip, limit: ITERATIONS_SHOWN };
  return useQuery({
    queryKey: queryKeys.iterations(runId, { ...query, active }),
    queryFn: ({ signal }) => client.call('listRunIterations', { params: { id: runId }, query }, { signal }),
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval: active ? LOOK_AGAIN_MS : false,
  });
}

/** The steps of one iteration; those of a loop inside of it are not among them. */
export function useIterationSteps(runId: string, iteration: string | null) {
  return useQuery({
    queryKey: queryKeys.iterationSteps(runId, iteration ?? ''),
    queryFn: ({ signal }) =>
      client.call(
        'listRunSteps',
        { params: { id: runId }, query: { iteration: iteration ?? '', skip: 0, limit: 200 } },
        { signal },
      ),
    enabled: iteration !== null,
    placeholderData: keepPreviousData,
  });
}
