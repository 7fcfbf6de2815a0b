import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@imaginarium/client';

/** How long a run may take to begin before somebody wonders, and how often it is asked for from then on, in milliseconds. */
const LOOK_MS = 2000;

/**
 * Says why a run has not begun, each reason once, until it has: a paused queue, no worker, a package that no worker has.
 * @param signal ends it.
 */
export async function sayWhyQueued(
  client: Pick<Client, 'call'>,
  id: string,
  { say, signal }: { say: (reason: string) => void; signal: AbortSignal },
): Promise<void> {
  let said = '';
  try {
    for (;;) {
      await pause(LOOK_MS, undefined, { signal, ref: false });
      const { state, waitsFor } = await client.call('getRun', { params: { id } }, { signal });
      if (state !== 'queued') return;
      if (waitsFor && waitsFor.message !== said) say(waitsFor.message);
      said = waitsFor?.message ?? said;
    }
  } catch {
    // It was ended, or the server is away: whoever follows the run is told of that.
  }
}
