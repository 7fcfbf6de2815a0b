import { type TestItem, testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merge } from './merge.ts';
import { append, byKey, byPosition } from './merge-items.ts';

type Items = Parameters<typeof append>[0];

const a: Items = [
  { value: 'a1', fields: { sku: 1, name: 'Mug' } },
  { value: 'a2', fields: { sku: 2, name: 'Hat' } },
];
const b: Items = [
  { value: 'b1', fields: { sku: '2', price: 9, name: 'Other' } },
  { value: 'b2', fields: { sku: '3', price: 7 } },
  { value: 'b3', fields: {} },
];

describe('merging', () => {
  it('by key joins what has the same text or number, and keeps all of A', () => {
    expect(byKey(a, b, 'sku')).toEqual({
      items: [
        { ...a[0], from: { a: 0 } },
        { value: 'a2', fields: { sku: 2, name: 'Hat', price: 9 }, from: { a: 1, b: 0 } },
      ],
      alone: { a: 1, b: 2 },
    });
  });

  it('by position pairs in order, and the rest leaves alone', () => {
    const { items, alone } = byPosition(a, b);
    expect(items.map(({ value }) => value)).toEqual(['a1', 'a2', 'b3']);
    expect(items[0]?.fields).toEqual({ sku: 1, price: 9, name: 'Mug' });
    expect(alone).toEqual({ a: 0, b: 1 });
    expect(items.map(({ from }) => from)).toEqual([{ a: 0, b: 0 }, { a: 1, b: 1 }, { b: 2 }]);
  });

  it('loses no item of A, and by appending none of B', () => {
    const side = fc.array(fc.record({ value: fc.nat(), fields: fc.dictionary(fc.constantFrom('k', 'x'), fc.nat(3)) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(side, side, (first, second) => {
        expect(append(first, second).items).toMatchObject([...first, ...second]);
        expect(byPosition(first, second).items).toHaveLength(Math.max(first.length, second.length));
        expect(byKey(first, second, 'k').items.map(({ value }) => value)).toEqual(first.map(({ value }) => value));
      }),
    );
  });
});

describe('flow.merge', () => {
  const items: TestItem[] = [
    { input: { a: 'one' }, fields: { id: 1 } },
    { input: { b: 'two' }, fields: { id: 1, more: true } },
  ];

  it('puts B after A', async () => {
    const { outputs } = await testNode(merge).items(items).run();
    expect(outputs.item).toEqual([
      { value: 'one', fields: { id: 1 } },
      { value: 'two', fields: { id: 1, more: true } },
    ]);
  });

  it('joins by a field, and asks for its name', async () => {
    const { outputs } = await testNode(merge).params({ mode: 'by-key', key: 'id' }).items(items).run();
    expect(outputs.item).toEqual([{ value: 'one', fields: { id: 1, more: true } }]);
    await expect(testNode(merge).params({ mode: 'by-key' }).items(items).run()).rejects.toThrow(
      'key: expected the name of a field',
    );
  });

  it('says how many items had no partner', async () => {
    const { logs } = await testNode(merge)
      .params({ mode: 'by-position' })
      .items([...items, { input: { b: 'three' } }])
      .run();
    expect(logs[0]?.message).toBe('1 items of B had no partner and left alone.');
  });
});
