import type { RunRecord } from '@imaginarium/engine';
import type { Failure, FileRef, Item, Json, RunState, Step } from '@imaginarium/protocol';
import { UPSCALE_NODE } from './upscale-graph.ts';

/** How one picture of a run ended. */
export interface UpscaleResult {
  state: Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;
  /** Null unless it succeeded. */
  file: FileRef | null;
  error: Failure | null;
  /** What was left out for want of a model. */
  leftOut: string[];
  /** Its share of what the run cost. */
  credits: number;
}

/**
 * How each picture of a run that has ended came out.
 * @param places which of its pictures are asked about, counted from 0.
 */
export function upscaleResults(
  { run, steps }: Pick<RunRecord, 'run' | 'steps'>,
  places: readonly number[],
): Map<number, UpscaleResult> {
  const step = steps.find(({ node }) => node === UPSCALE_NODE);
  const made = new Map((step?.outputs.image ?? []).map((item) => [placeOf(item), item]));
  const shares = sharesOf(
    run.creditsSpent,
    [...made.keys()].sort((one, other) => one - other),
  );
  const resultOf = (place: number): UpscaleResult => {
    const { file, fields } = made.get(place) ?? {};
    if (file)
      return {
        ...{ state: 'succeeded', file, error: null },
        ...{ leftOut: leftOutIn(fields?.upscale), credits: shares.get(place) ?? 0 },
      };
    const state = run.state === 'cancelled' ? 'cancelled' : 'failed';
    const error = state === 'cancelled' ? null : failureOf(run, step, place);
    return { state, file: null, error, leftOut: [], credits: 0 };
  };
  return new Map(places.map((place) => [place, resultOf(place)]));
}

/** Divides credits among pictures, in whole ones: none differ by more than one, and together they are the sum. */
export function sharesOf(credits: number, places: readonly number[]): Map<number, number> {
  const each = Math.floor(credits / places.length);
  return new Map(places.map((place, index) => [place, each + (index < credits % places.length ? 1 : 0)]));
}

/** The first node numbers the pictures from 1, and fields travel along. */
function placeOf({ fields }: Item): number {
  return Number(fields.number) - 1;
}

function failureOf({ error }: RunRecord['run'], step: Step | undefined, place: number): Failure {
  const failed = step?.failedItems?.find(({ index }) => index === place);
  if (failed) return { code: failed.code, message: failed.message, node: UPSCALE_NODE };
  return error ?? { code: 'step-failed', message: 'The run made nothing of this picture.', node: UPSCALE_NODE };
}

/** The field `upscale` of a result names its stages. One that was skipped though there was work has a command that installs its model. */
function leftOutIn(upscale: Json | undefined): string[] {
  const { stages } = (upscale ?? {}) as { stages?: { state?: Json; note?: Json }[] };
  if (!Array.isArray(stages)) return [];
  const notes = stages.filter(({ state }) => state === 'skipped').map(({ note }) => String(note));
  return notes.filter((note) => note.includes('imaginarium models pull'));
}
