import { type Step, stepKey } from '@imaginarium/protocol';
import { LRUCache } from 'lru-cache';
import type { Transaction } from '../database/database.ts';
import { latestOf, type StepColumns, stepsIn, textOf } from './packed-steps.ts';

/** Characters of JSON that the steps held on to may have been read from: they take a few times as much. */
const MOST_CHARACTERS = 40_000_000;
/** How long they are held on to after the last look, in milliseconds. */
const HELD_MS = 30_000;

/** What was read of a run's journal so far. */
interface Seen {
  /** The last row that was read. */
  lastId: number;
  characters: number;
  /** Each as it was written last, with the row that it was written in. */
  readonly steps: Map<string, { step: Step; row: number }>;
}

/** What somebody sees who looks at a run. */
export interface SeenSteps {
  steps: Step[];
  /** The steps among them that were written after a cursor. */
  since(cursor: number): Step[];
  /** How much of the journal is in this. */
  cursor: number;
}

const runs = new LRUCache<string, Seen>({ maxSize: MOST_CHARACTERS, ttl: HELD_MS, updateAgeOnGet: true });

/**
 * The steps of a run that somebody looks at, of each what was written last. Its journal only grows, so that a further look reads what was
 * written since: looking at a run of thousands of steps several times a second would otherwise cost more than executing it. Whoever is
 * given a step must not change it.
 */
export async function readSeenSteps({ sql }: Transaction, runId: string): Promise<SeenSteps> {
  const seen: Seen = runs.get(runId) ?? { lastId: 0, characters: 0, steps: new Map() };
  const rows = await sql<StepColumns & { id: number }>`
    SELECT id, steps, packed_steps FROM run_journal WHERE run_id = ${runId} AND id > ${seen.lastId} ORDER BY id`;
  for (const row of rows) {
    // Another look has read it meanwhile, and perhaps what came after it.
    if (row.id <= seen.lastId) continue;
    const text = textOf(row);
    for (const step of latestOf(stepsIn(text))) seen.steps.set(stepKey(step), { step, row: row.id });
    seen.lastId = row.id;
    seen.characters += text.length;
  }
  runs.set(runId, seen, { size: Math.max(1, seen.characters) });
  const all = [...seen.steps.values()];
  return {
    steps: all.map(({ step }) => step),
    since: (cursor) => all.flatMap(({ step, row }) => (row > cursor ? step : [])),
    cursor: seen.lastId,
  };
}
