import {
  choice,
  defineNode,
  type EmittedItem,
  emit,
  type FileRef,
  type Json,
  NonRetryableError,
  port,
  text,
} from '@imaginarium/node-sdk';
import { refuseFieldName } from '../field-names.ts';
import { type AnyItem, readFields } from '../values/read-field.ts';
import { partsOf } from './parts.ts';

const separators = { line: '\n', comma: ',', semicolon: ';', tab: '\t' };

/** Makes many items of one that holds a list. */
export const split = defineNode({
  type: 'flow.split',
  version: 1,
  title: 'Split',
  summary: 'Makes many items of one that holds a list or a text with lines: one for each entry.',
  group: 'flow',
  icon: 'ungroup',
  aliases: ['explode', 'list', 'lines', 'unwind', 'each', 'flatten', 'tags'],
  docs: 'When the value is split, each entry is the value of an item of its own. When a field is split, the items keep their file or value, and each has one entry in that field. Other fields travel along. An item with nothing to split gives none.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    source: choice({
      title: 'Split',
      options: [
        { value: 'value', label: 'The value' },
        { value: 'field', label: 'A field' },
      ],
      default: 'value',
    }),
    field: text({
      title: 'Field',
      help: 'The name of the field that holds the list, such as tags.',
      placeholder: 'tags',
      required: true,
      showWhen: { source: 'field' },
    }),
    separator: choice({
      title: 'Text is split at',
      help: 'Lists are taken as they are.',
      options: [
        { value: 'line', label: 'Ends of lines' },
        { value: 'comma', label: 'Commas' },
        { value: 'semicolon', label: 'Semicolons' },
        { value: 'tab', label: 'Tabs' },
      ],
      default: 'line',
    }),
  },
  effects: 'pure',
  counts: 'unknown',
  mode: 'all',
  headline: ['source', 'field'],
  typicalMs: 1,
  yields: ({ items }) => items,
  execute({ items: { item: items }, params }) {
    const separator = separators[params.separator];
    return {
      item: emit(params.source === 'value' ? ofValues(items, separator) : ofField(items, params.field, separator)),
    };
  },
});

type Parts = EmittedItem<Json | FileRef>[];

function ofValues(items: readonly AnyItem[], separator: string): Parts {
  return items.flatMap(({ value, fields }, from) =>
    partsOf(value as Json, separator, `Value of item ${from + 1}`).map((entry) => ({ value: entry, fields, from })),
  );
}

function ofField(items: readonly AnyItem[], param: string, separator: string): Parts {
  const field = param.trim();
  const refusal = refuseFieldName(field);
  if (refusal) throw new NonRetryableError(`Field: ${refusal}. Name the field that holds the list.`);
  const lists = readFields(items, field, 'Field');
  return items.flatMap(({ value, fields }, from) =>
    partsOf(lists[from], separator, `${field} of item ${from + 1}`).map((entry) => ({
      value,
      fields: { ...fields, [field]: entry },
      from,
    })),
  );
}
