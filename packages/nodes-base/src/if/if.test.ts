import { testNode } from '@imaginarium/node-sdk/testing';
import { expect, it } from 'vitest';
import { filter } from '../filter/filter.ts';
import { ifNode } from './if.ts';

const items = [{ input: { item: 'mug' }, fields: { price: 12 } }];

it('flow.if lets an item leave by one of its two ports, with its fields', async () => {
  const { outputs } = await testNode(ifNode)
    .params({ value: '12', operator: 'at-least', other: '10' })
    .items(items)
    .run();
  expect(outputs).toEqual({ yes: [{ value: 'mug', fields: { price: 12 } }], no: [] });
  const not = await testNode(ifNode).params({ value: '12', operator: 'less', other: '10' }).items(items).run();
  expect(not.outputs).toEqual({ yes: [], no: [{ value: 'mug', fields: { price: 12 } }] });
});

it('flow.filter lets an item through or leaves it out', async () => {
  const through = async (other: string) =>
    (await testNode(filter).params({ value: '12', operator: 'less', other }).items(items).run()).outputs.item;
  expect(await through('13')).toEqual([{ value: 'mug', fields: { price: 12 } }]);
  expect(await through('12')).toEqual([]);
});
