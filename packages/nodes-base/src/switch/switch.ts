import { choice, defineNode, port, text } from '@imaginarium/node-sdk';
import { comparisons, ignoreCase } from '../condition/condition-params.ts';
import { holds } from '../condition/holds.ts';
import { comparedAs } from '../values/order.ts';

const ways = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Sends each item one of several ways. */
export const switchNode = defineNode({
  type: 'flow.switch',
  version: 1,
  title: 'Switch',
  summary: 'Sends each item one of up to six ways by a value of it, or to Other.',
  group: 'flow',
  icon: 'route',
  aliases: ['case', 'branch', 'route', 'router', 'choose', 'sort into'],
  docs: 'The cases are tried from A to F, and the first that fits takes the item, so each item leaves by one port only. A case that is left empty is not tried.',
  inputs: { item: port.any() },
  outputs: {
    a: port.any({ title: 'A' }),
    b: port.any({ title: 'B' }),
    c: port.any({ title: 'C' }),
    d: port.any({ title: 'D' }),
    e: port.any({ title: 'E' }),
    f: port.any({ title: 'F' }),
    other: port.any({ title: 'Other' }),
  },
  params: {
    value: text({
      title: 'Value',
      help: 'What to look at, such as {{ item.category }} or {{ item.file.width }}.',
      default: '{{ item.value }}',
      placeholder: '{{ item.category }}',
    }),
    operator: choice({ title: 'Takes the way where it', options: comparisons, default: 'equals' }),
    a: text({ title: 'A' }),
    b: text({ title: 'B' }),
    c: text({ title: 'C' }),
    d: text({ title: 'D' }),
    e: text({ title: 'E' }),
    f: text({ title: 'F' }),
    compareAs: comparedAs(),
    ignoreCase: ignoreCase(),
  },
  effects: 'pure',
  counts: 'at-most',
  headline: ['value', 'a', 'b'],
  typicalMs: 1,
  execute({ input, params }) {
    const { value, operator } = params;
    const fits = (other: string) => other.trim() !== '' && holds({ value, operator, other }, params);
    const taken = ways.find((way) => fits(params[way])) ?? 'other';
    const none = {
      a: undefined,
      b: undefined,
      c: undefined,
      d: undefined,
      e: undefined,
      f: undefined,
      other: undefined,
    };
    return { ...none, [taken]: input.item };
  },
});
