import { setTimeout as wait } from 'node:timers/promises';
import { type Lease, LeaseLostError, RunStoppedError, type RunStore } from '@imaginarium/engine';

/** A worker that shows no sign of life for so long has lost its runs. */
export const LEASE_MS = 5_000;
const RENEW_MS = 1_500;
/** How soon a request to cancel is seen. */
const CANCEL_CHECK_MS = 300;

/**
 * Keeps a lease alive and looks out for a request to cancel. The controller is aborted when one comes, and when the lease is lost: somebody
 * else has the run, or the database has not answered for so long that somebody may. A process that was merely slow keeps its runs.
 * @returns what ends it.
 */
export function holdLease(
  lease: Lease,
  store: Pick<RunStore, 'renew' | 'isCancelRequested'>,
  controller: AbortController,
): () => void {
  let renewedAt = performance.now();
  const cancel = setInterval(async () => {
    if (await store.isCancelRequested(lease.runId).catch(() => false)) controller.abort(cancelled());
  }, CANCEL_CHECK_MS);
  const renew = setInterval(async () => {
    const askedAt = performance.now();
    const noAnswer = wait(LEASE_MS, undefined, { ref: false });
    const held = await Promise.race([store.renew(lease, LEASE_MS).catch(() => undefined), noAnswer]);
    if (held) renewedAt = Math.max(renewedAt, askedAt);
    else if (held === false || performance.now() - renewedAt > LEASE_MS)
      controller.abort(new LeaseLostError(lease.runId));
  }, RENEW_MS);
  return () => {
    clearInterval(cancel);
    clearInterval(renew);
  };
}

/** Why a run ends that somebody asked to cancel. */
export function cancelled(): RunStoppedError {
  return new RunStoppedError('run-cancelled', 'The run was cancelled.');
}
