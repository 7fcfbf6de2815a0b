import { zstdDecompressSync } from 'node:zlib';
import { type Step, stepKey } from '@imaginarium/protocol';
import { fileIdsIn } from './named-files.ts';
import { type SlimStep, slimSteps, wholeSteps } from './slim-steps.ts';
import { TextPacker } from './text-packer.ts';

/** Characters of JSON from which on steps are kept compressed: below it, a database is quicker with the text. */
const PACKED_FROM = 16_000;

/** So many items are written in one go. */
const MANY_ITEMS = 1000;

/** Items of a longer list that are written at a time: their text is short enough for V8 to forget it as soon as it is packed. */
const ITEMS_AT_ONCE = 250;

/** Steps as a row of the journal has them: as JSON, or where that is long as its compressed bytes beside an empty list. */
export interface StepColumns {
  steps: string;
  packed_steps: Uint8Array | null;
}

/** @returns the columns of a row, and the ids of files that they name. */
export function packSteps(written: readonly Step[]): StepColumns & { fileIds: Set<string> } {
  const slim = slimSteps(written);
  if (!hasManyItems(written)) {
    const steps = JSON.stringify(slim);
    const fileIds = fileIdsIn(steps);
    if (steps.length < PACKED_FROM) return { steps, packed_steps: null, fileIds };
    return { steps: '[]', packed_steps: new TextPacker().add(steps).close(), fileIds };
  }
  // Little by little: of thousands of items the text of all would be there at once, and twice while it is packed.
  const packer = new TextPacker();
  const fileIds = new Set<string>();
  for (const text of textsOf(slim)) {
    packer.add(text);
    for (const id of fileIdsIn(text)) fileIds.add(id);
  }
  return { steps: '[]', packed_steps: packer.close(), fileIds };
}

function hasManyItems(steps: readonly Step[]): boolean {
  let count = 0;
  for (const { outputs } of steps) for (const port in outputs) count += outputs[port]?.length ?? 0;
  return count > MANY_ITEMS;
}

/** Steps as JSON, in texts that make one when they are put together; no id of a file stands in two of them. */
function* textsOf(steps: readonly SlimStep[]): Generator<string> {
  let before = '[{"outputs":{';
  for (const { outputs, ...step } of steps) {
    for (const port in outputs) {
      yield `${before}${JSON.stringify(port)}:[`;
      yield* listTexts(outputs[port] as readonly unknown[]);
      before = '],';
    }
    // The last list is closed, and the comma that would follow it left out.
    yield `${before === '],' ? ']' : before}}${rest(JSON.stringify(step))}`;
    before = ',{"outputs":{';
  }
  yield ']';
}

/** The entries of a list, with commas between them. */
function* listTexts(items: readonly unknown[]): Generator<string> {
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
    if (from > 0) yield ',';
    yield JSON.stringify(items.slice(from, from + ITEMS_AT_ONCE)).slice(1, -1);
  }
}

/** What is left of an object's JSON after its first brace, to follow what another object holds. */
function rest(json: string): string {
  return json === '{}' ? '}' : `,${json.slice(1)}`;
}

export function parseSteps(columns: StepColumns): Step[] {
  return stepsIn(textOf(columns));
}

/** The JSON that a row has, whether it is kept compressed or not. */
export function textOf({ steps, packed_steps }: StepColumns): string {
  return packed_steps ? zstdDecompressSync(packed_steps).toString() : steps;
}

/** The steps that a text of {@link textOf} has. */
export function stepsIn(text: string): Step[] {
  return wholeSteps(JSON.parse(text));
}

/** Of each step what was written last. What was written before there were loops stands outside of them. */
export function latestOf(written: readonly Step[]): Step[] {
  return [...new Map(written.map((step) => [stepKey(step), { ...step, iteration: step.iteration ?? '' }])).values()];
}
