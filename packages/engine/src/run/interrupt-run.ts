import type { Failure } from '@imaginarium/protocol';
import { isTerminal } from '@imaginarium/protocol';
import type { RunServices } from '../call/services.ts';
import type { Lease, RunOutcome, RunRecord } from '../ports/run-store.ts';
import { RunRecorder } from './run-recorder.ts';

const INTERRUPTED: Failure = {
  code: 'run-interrupted',
  message: 'The server stopped several times while this run was at work, so it was given up.',
  remedy: 'Look for a node that needs too much memory or ends the process, then run it again.',
};

/**
 * Ends a run whose workers died again and again: what it finished is kept, what was at work is marked as ended, and the run says why.
 * @returns how the run ended; it is stored by then.
 */
export async function interruptRun(
  record: RunRecord,
  lease: Lease,
  { store, bus, clock, children }: Pick<RunServices, 'store' | 'bus' | 'clock' | 'children'>,
): Promise<RunOutcome> {
  const recorder = new RunRecorder({
    ...{ lease, store, bus, clock, lastSeq: record.run.lastSeq },
    onLost: () => undefined, // Settling says the same.
  });
  const finishedAt = new Date(clock.now()).toISOString();
  for (const step of record.steps) {
    if (isTerminal(step.state)) continue;
    const ended = { ...step, state: 'cancelled' as const, finishedAt, reason: INTERRUPTED.message };
    const { node, iteration, state, credits, error, reason } = ended;
    recorder.step(ended);
    recorder.event({
      type: 'step.finished',
      node,
      ...(iteration === '' ? {} : { iteration }),
      state,
      credits,
      error,
      reason,
      durationMs: 0,
      items: {},
      thumbnail: null,
    });
  }
  const creditsSpent = record.steps.reduce((sum, step) => sum + step.credits, 0);
  const outcome: RunOutcome = { state: 'failed', creditsSpent, error: INTERRUPTED, cover: record.run.cover };
  await recorder.settle(outcome, record.parked !== undefined);
  const waits = record.parked?.steps.flatMap((step) => step.waits) ?? [];
  for (const { about } of waits) if (about.kind === 'run') await children.cancel(about.runId).catch(() => undefined);
  return outcome;
}
