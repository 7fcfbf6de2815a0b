import type { RunRecord } from '@imaginarium/engine';
import type { JsonObject, Run } from '@imaginarium/protocol';
import { acceptWithUpscales, upscalesAgain } from '../assets/accept-with-upscales.ts';
import { HttpError } from '../http/http-error.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import { acceptRun, type RunDeps, type RunStarter } from './accept-run.ts';
import { addedFor } from './run-priority.ts';
import { repeatedSteps } from './settled-steps.ts';

/** How a run is run again. */
export interface RepeatRequest {
  from: 'start' | 'failed';
  /** Used instead of the inputs of the first run; only from the start. */
  inputs?: JsonObject | undefined;
  idempotencyKey?: string | undefined;
  /** Whether pinned items stand in for executing their nodes. */
  usePinned: boolean;
}

/**
 * Runs again what a run ran. A failed run leaves the list of failures with that: if it fails again, the new one stands there.
 * @throws {HttpError} and what {@link acceptRun} throws.
 */
export async function repeatRun(
  deps: RunDeps,
  { principal, stores }: { principal: RunStarter; stores: WorkspaceStores },
  record: RunRecord,
  { from, inputs, idempotencyKey, usePinned }: RepeatRequest,
): Promise<Run> {
  const { run: first, graph } = record;
  if (from === 'failed' && inputs)
    throw new HttpError(
      'bad-request',
      'body.inputs: expected none with from "failed", received some. Other inputs need a run from the start.',
    );
  // Other inputs are other pictures: nobody knows of which assets.
  const noted = inputs ? undefined : await upscalesAgain(stores, first.id);
  const run = await acceptWithUpscales(stores, noted, (id) =>
    acceptRun(
      deps,
      { principal, stores },
      {
        id,
        workflow: { id: first.workflowId, name: first.workflowName },
        ...{ version: first.version, graph, idempotencyKey },
        inputs: inputs ?? first.inputs,
        priority: addedFor(first.priority, graph, deps.catalogue),
        settled: repeatedSteps(record, from, usePinned),
        part: from === 'failed' ? { failed: first.id } : undefined,
      },
    ),
  );
  if (first.state === 'failed') await stores.runs.dismiss([first.id]);
  return run;
}
