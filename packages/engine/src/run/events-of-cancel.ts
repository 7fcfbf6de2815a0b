import { isTerminal, type RunEvent, type Step } from '@imaginarium/protocol';

/** The events of a run that ends as cancelled while no worker holds it: the ends of the steps that wait, then its own. */
export function eventsOfCancel(
  { runId, lastSeq, at, creditsSpent }: { runId: string; lastSeq: number; at: string; creditsSpent: number },
  steps: readonly Pick<Step, 'node' | 'iteration' | 'state' | 'credits'>[],
): RunEvent[] {
  const open = steps.filter(({ state }) => !isTerminal(state));
  const stamp = (index: number) => ({ runId, seq: lastSeq + 1 + index, at });
  return [
    ...open.map(
      ({ node, iteration, credits }, index): RunEvent => ({
        ...{
          type: 'step.finished',
          ...stamp(index),
          node,
          ...(iteration === '' ? {} : { iteration }),
          state: 'cancelled',
          durationMs: 0,
          items: {},
        },
        ...{ thumbnail: null, credits, error: null, reason: null },
      }),
    ),
    { type: 'run.finished', ...stamp(open.length), state: 'cancelled', creditsSpent, error: null },
  ];
}
