import type { Client } from '@imaginarium/client';
import type { Graph, RunEvent } from '@imaginarium/protocol';
import { CliError } from './cli-error.ts';
import { RunProgress } from './run-progress.ts';
import { sayWhyQueued } from './why-queued.ts';

type Finished = Extract<RunEvent, { type: 'run.finished' }>;

/**
 * Shows a run of a server from its begin to its end, through any number of lost lines. Ctrl+C asks the server to cancel it; a second one
 * stops following, and the run goes on as it may.
 * @param json prints the events themselves, one a line, and nothing else.
 * @throws {CliError} when it failed (1), was cancelled or is no longer followed (130).
 */
export async function followRun(
  client: Client,
  { id, graph }: { id: string; graph: Graph },
  { json = false }: { json?: boolean },
): Promise<void> {
  const progress = new RunProgress(graph, json, 'all');
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  const begun = new AbortController();
  const stop = client.live.watchRun(
    id,
    0,
    (events) => {
      begun.abort();
      for (const event of events) {
        progress.tell(event);
        if (event.type === 'run.finished') resolve(event);
      }
    },
    { onRefused: reject },
  );
  const release = onInterrupt(async (times) => {
    if (times > 1) return reject(new CliError(`No longer followed. The run goes on: ${id}`, 130));
    console.error('Asking the server to cancel the run. Press Ctrl+C again to stop following it.');
    await client.call('cancelRun', { params: { id } }).catch((error: Error) => console.error(error.message));
  });
  if (!json) void sayWhyQueued(client, id, { say: (reason) => progress.note(reason), signal: begun.signal });
  try {
    const { state, error } = await promise;
    progress.end();
    if (state === 'cancelled') throw new CliError('Cancelled.', 130);
    if (error) throw new CliError([error.message, error.remedy].filter(Boolean).join('\n'));
  } finally {
    progress.end();
    begun.abort();
    release();
    stop();
  }
}

/** @param told how often it has been pressed. @returns what ends it. */
function onInterrupt(told: (times: number) => Promise<void> | void): () => void {
  let times = 0;
  const heard = () => void told(++times);
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  return () => void process.off('SIGINT', heard).off('SIGTERM', heard);
}
