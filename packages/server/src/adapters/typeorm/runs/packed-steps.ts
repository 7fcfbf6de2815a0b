import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Step, stepKey } from '@imaginarium/protocol';
import { slimSteps, wholeSteps } from './slim-steps.ts';

/** Characters of JSON from which on steps are kept compressed: below it, a database is quicker with the text. */
const PACKED_FROM = 16_000;
/** Items of one step look much alike: the quickest level makes them a tenth or less, in a fraction of the time that writing them takes. */
const QUICKEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** So few items are written in one go. */
const FEW_ITEMS = 50;

/** Characters that are compressed at a time. */
const PIECE_LENGTH = 500_000;

/** Steps as a row of the journal has them: as JSON, or where that is long as its compressed bytes beside an empty list. */
export interface StepColumns {
  steps: string;
  packed_steps: Uint8Array | null;
}

/** @returns the columns of a row, and all that they name as JSON texts. */
export function packSteps(written: readonly Step[]): StepColumns & { texts: string[] } {
  const slim = slimSteps(written);
  if (hasFewItems(written)) {
    const steps = JSON.stringify(slim);
    if (steps.length < PACKED_FROM) return { steps, packed_steps: null, texts: [steps] };
    return { steps: '[]', packed_steps: zstdCompressSync(steps, QUICKEST), texts: [steps] };
  }
  // One by one: of thousands of items the text of all steps is long, and would be there twice while it is packed.
  const texts = slim.map((step) => JSON.stringify(step));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return length < PACKED_FROM
    ? { steps: `[${texts.join(',')}]`, packed_steps: null, texts }
    : { steps: '[]', packed_steps: packList(texts), texts };
}

function hasFewItems(steps: readonly Step[]): boolean {
  let count = 0;
  for (const { outputs } of steps) for (const port in outputs) count += outputs[port]?.length ?? 0;
  return count <= FEW_ITEMS;
}

/** The list of some JSON texts, compressed in pieces that follow one another. */
function packList(texts: readonly string[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let piece = '[';
  const pack = (text: string) => pieces.push(zstdCompressSync(text, QUICKEST));
  for (const [index, text] of texts.entries()) {
    if (index > 0) piece += ',';
    // A long text is a piece of its own: to put something before it would be to copy it.
    const isLong = text.length >= PIECE_LENGTH;
    if (!isLong) piece += text;
    if (!isLong && piece.length < PIECE_LENGTH) continue;
    pack(piece);
    if (isLong) pack(text);
    piece = '';
  }
  pack(`${piece}]`);
  return Buffer.concat(pieces);
}

export function parseSteps({ steps, packed_steps }: StepColumns): Step[] {
  return wholeSteps(JSON.parse(packed_steps ? zstdDecompressSync(packed_steps).toString() : steps));
}

/** Of each step what was written last. What was written before there were loops stands outside of them. */
export function latestOf(written: readonly Step[]): Step[] {
  return [...new Map(written.map((step) => [stepKey(step), { ...step, iteration: step.iteration ?? '' }])).values()];
}
