import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Step, stepKey } from '@imaginarium/protocol';
import { slimSteps, wholeSteps } from './slim-steps.ts';

/** Characters of JSON from which on steps are kept compressed: below it, a database is quicker with the text. */
const PACKED_FROM = 16_000;
/** Items of one step look much alike: the quickest level makes them a tenth or less, in a fraction of the time that writing them takes. */
const QUICKEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Steps as a row of the journal has them: as JSON, or where that is long as its compressed bytes beside an empty list. */
export interface StepColumns {
  steps: string;
  packed_steps: Uint8Array | null;
}

/** @returns the columns of a row, and all that they name as JSON. */
export function packSteps(written: readonly Step[]): StepColumns & { text: string } {
  const text = JSON.stringify(slimSteps(written));
  return text.length < PACKED_FROM
    ? { steps: text, packed_steps: null, text }
    : { steps: '[]', packed_steps: zstdCompressSync(text, QUICKEST), text };
}

export function parseSteps({ steps, packed_steps }: StepColumns): Step[] {
  return wholeSteps(JSON.parse(packed_steps ? zstdDecompressSync(packed_steps).toString() : steps));
}

/** Of each step what was written last. What was written before there were loops stands outside of them. */
export function latestOf(written: readonly Step[]): Step[] {
  return [...new Map(written.map((step) => [stepKey(step), { ...step, iteration: step.iteration ?? '' }])).values()];
}
