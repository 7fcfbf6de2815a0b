import {
  choice,
  code,
  defineNode,
  type EmittedItem,
  emit,
  type FailedInput,
  type FileRef,
  type Json,
  NonRetryableError,
  port,
} from '@imaginarium/node-sdk';
import { itemOf, itemsOf, seenByCode } from './new-items.ts';

/** Runs code that a person wrote, for each item or for all at once. */
export const javascript = defineNode({
  type: 'code.javascript',
  version: 1,
  title: 'Code',
  summary: 'Changes, adds or leaves out items by JavaScript or TypeScript of your own.',
  group: 'code',
  icon: 'code',
  aliases: ['javascript', 'typescript', 'function', 'script', 'program', 'custom'],
  docs: 'The code is the body of a function. It sees item or items, run and vars, and nothing else: no files, no network, no timers. Called for each item, one that fails fails alone.',
  inputs: { item: port.any({ optional: true }) },
  outputs: { item: port.any() },
  params: {
    mode: choice({
      title: 'Call it',
      options: [
        { value: 'each', label: 'For each item' },
        { value: 'all', label: 'Once, with all items' },
      ],
      default: 'each',
    }),
    language: choice({
      title: 'Language',
      options: [
        { value: 'javascript', label: 'JavaScript' },
        { value: 'typescript', label: 'TypeScript' },
      ],
      default: 'javascript',
      advanced: true,
    }),
    code: code({
      title: 'Code',
      language: 'javascript',
      required: true,
      help: 'Return an object for a new item, or nothing to leave the item out. For all items at once, return a list of objects.',
      default: 'return { ...item };',
    }),
  },
  // The clock and chance are within reach of the code.
  effects: 'idempotent',
  counts: 'unknown',
  mode: 'all',
  headline: ['mode'],
  typicalMs: 1,
  yields: ({ items }) => items,
  async execute({ items, params, code: runner }) {
    const inputs = items.item;
    const seen = inputs.map(seenByCode);
    const { language } = params;
    if (params.mode === 'all') {
      const [result] = await runner.run(params.code, [{ items: seen }], { language });
      return { item: emit(itemsOf(given(result), inputs)) };
    }
    // Without a wire it is called once, to make an item of nothing.
    const rows = seen.length > 0 ? seen : [{ index: 0 }];
    const results = await runner.run(
      params.code,
      rows.map((item) => ({ item })),
      { language },
    );
    const made: EmittedItem<Json | FileRef>[] = [];
    const failed: FailedInput[] = [];
    for (const [item, result] of results.entries()) {
      try {
        made.push(...itemOf(given(result), item, inputs));
      } catch (error) {
        if (!(error instanceof NonRetryableError)) throw error;
        failed.push({ item, message: error.message });
      }
    }
    return { item: emit(made, { failed }) };
  },
});

function given(result: { value: Json } | { error: string } | undefined): Json {
  if (result && 'value' in result) return result.value;
  throw new NonRetryableError(result?.error ?? 'The code gave no result.');
}
