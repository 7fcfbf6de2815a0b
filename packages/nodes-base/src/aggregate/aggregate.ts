import {
  choice,
  defineNode,
  type EmittedItem,
  emit,
  type Json,
  type JsonObject,
  NonRetryableError,
  port,
  text,
} from '@imaginarium/node-sdk';
import { refuseFieldName } from '../field-names.ts';
import { FIELD_HELP, readFields } from '../values/read-field.ts';
import { combine } from './combine.ts';
import { groupByValue, wholeList } from './group.ts';

/** Makes one item of many: a number of them, a sum, a list. */
export const aggregate = defineNode({
  type: 'flow.aggregate',
  version: 1,
  title: 'Aggregate',
  summary: 'Makes one item of many, or one for each group: their number, sum, average, or a list.',
  group: 'flow',
  icon: 'sigma',
  aliases: [
    'sum',
    'count',
    'average',
    'mean',
    'minimum',
    'maximum',
    'group',
    'collect',
    'join',
    'statistics',
    'reduce',
  ],
  docs: 'The result is the value of the new item and stands in a field of it, beside the field it was grouped by. Items that have nothing in the field are left out of sums and lists. Groups leave in the order in which they first came.',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  params: {
    operation: choice({
      title: 'Work out',
      options: [
        { value: 'count', label: 'How many items' },
        { value: 'sum', label: 'The sum' },
        { value: 'average', label: 'The average' },
        { value: 'min', label: 'The smallest' },
        { value: 'max', label: 'The largest' },
        { value: 'list', label: 'A list of all' },
        { value: 'join', label: 'A text of all' },
      ],
      default: 'count',
    }),
    field: text({
      title: 'Of the field',
      help: FIELD_HELP,
      placeholder: 'price',
      required: true,
      showWhen: { operation: { not: 'count' } },
    }),
    separator: text({ title: 'Between them', default: ', ', showWhen: { operation: 'join' } }),
    groupBy: text({
      title: 'For each',
      help: 'A field: one result for each of its values. Empty: one result for all items.',
      placeholder: 'category',
    }),
    name: text({ title: 'Name of the result', default: 'result', required: true }),
  },
  effects: 'pure',
  mode: 'all',
  headline: ['operation', 'field', 'groupBy'],
  typicalMs: 1,
  execute({ items: { item: items }, params }) {
    const { operation, separator } = params;
    const [field, name, groupBy] = [params.field.trim(), params.name.trim(), params.groupBy.trim()];
    const refusal =
      refuseFieldName(name) ?? (name === groupBy ? 'the items are grouped by the field of that name' : undefined);
    if (refusal) throw new NonRetryableError(`Name of the result: ${refusal}. Give it another name.`);
    const values = operation === 'count' ? [] : readFields(items, field, 'Of the field');
    const groups = groupBy === '' ? [wholeList(items.length)] : groupByValue(readFields(items, groupBy, 'For each'));
    const combined = groups.map(({ key, positions }): EmittedItem<Json> => {
      const present = positions.map((index) => values[index]).filter(isPresent);
      const result = operation === 'count' ? positions.length : combine(present, operation, field, separator);
      const fields: JsonObject = groupBy === '' ? { [name]: result } : { [groupBy]: key, [name]: result };
      return { value: result, fields, from: positions[0] as number };
    });
    return { item: emit(combined) };
  },
});

/** Whether there is something to work with: nothing and an empty cell of a table are not. */
function isPresent(value: Json | undefined): value is Json {
  return value !== undefined && value !== '';
}
