import { type AcceptedRun, type NewRun, runOfNew } from '@imaginarium/engine';
import type { PlainWrite } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import type { Beginning } from './begun-run.ts';
import { fileIdsIn } from './named-files.ts';
import { notPausedIn } from './queued-runs.ts';
import { journalRow, newRow, seenGraph, unlessRepeated } from './run-writes.ts';
import type { StepTimes } from './step-times.ts';

/** Characters up to which what a run was given, and its journal, are handed to another thread: it holds some sixty of them at a time. */
const MOST_CHARACTERS = 100_000;

/**
 * A run that succeeded before it was stored, as plain statements: its row, with all that it came to, and that of its journal.
 * @param worker the worker that it began on.
 * @returns undefined where more is to be done with it: it has not ended, failed, names files, is the first of its graph ...
 */
export function endedRun(
  run: NewRun,
  beginning: Beginning,
  { worker, times }: { worker: string; times: Pick<StepTimes, 'areDue'> },
): PlainWrite<AcceptedRun> | undefined {
  const graphHash = seenGraph(run);
  if (graphHash === undefined || run.notBefore !== undefined || run.settled?.length) return undefined;
  const end = beginning.end();
  if (end?.outcome.state !== 'succeeded') return undefined;
  const { steps, parked, charges } = end.checkpoint;
  if (parked || charges?.length || times.areDue(run.workspaceId, steps)) return undefined;
  const inputs = JSON.stringify(run.inputs);
  // Before the journal is written for nothing.
  if (inputs.length > MOST_CHARACTERS || fileIdsIn(inputs).size > 0) return undefined;
  const journal = journalRow(run.id, end.checkpoint);
  if (lengthOf(journal.insert) > MOST_CHARACTERS || journal.fileIds.size > 0) return undefined;
  const held = { worker, until: null };
  const { columns, values } = newRow(run, beginning.at, { graphHash, inputs, held, end });
  const insert = fragment`
    INSERT INTO run (${columns}) SELECT ${values} WHERE ${notPausedIn(run.workspaceId)} ${unlessRepeated}`;
  return { statements: [insert, journal.insert], result: begunAt(run, beginning.at) };
}

/** A run that is stored as begun, for the worker that it was meant for. @param at ISO 8601. */
export function begunAt(run: NewRun, at: string): AcceptedRun {
  const begun = { ...runOfNew(run, at), state: 'running', startedAt: at } as const;
  return { run: begun, created: true, lease: { runId: run.id, token: 1 } };
}

/** Long steps are packed, and do not count. */
function lengthOf({ values }: Fragment): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}
