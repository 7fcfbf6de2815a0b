import type { JsonObject } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { javascript } from './javascript.ts';

const items = [
  { input: { item: 'a' }, fields: { name: 'Mug', price: 12 } },
  { input: { item: 'b' }, fields: { name: 'Cup', price: 8 } },
];

async function run(params: JsonObject, given = items) {
  const { outputs } = await testNode(javascript).params(params).items(given).run();
  return outputs.item;
}

describe('for each item', () => {
  it('carries an item on as it is, with the code it starts with', async () => {
    expect(await run({})).toEqual([
      { value: 'a', fields: { name: 'Mug', price: 12 } },
      { value: 'b', fields: { name: 'Cup', price: 8 } },
    ]);
  });

  it('makes fields of the names in an object, and keeps the value', async () => {
    expect(await run({ code: 'return { ...item, price: item.price * 2, at: item.index }' })).toEqual([
      { value: 'a', fields: { name: 'Mug', price: 24, at: 0 } },
      { value: 'b', fields: { name: 'Cup', price: 16, at: 1 } },
    ]);
  });

  it('takes anything that is no object for the new value, and keeps the fields', async () => {
    expect(await run({ code: 'return item.value + "!"' })).toMatchObject([
      { value: 'a!', fields: { name: 'Mug' } },
      { value: 'b!', fields: { name: 'Cup' } },
    ]);
    expect(await run({ code: 'return [item.price]' })).toMatchObject([{ value: [12] }, { value: [8] }]);
  });

  it('leaves out an item for which the code gives nothing', async () => {
    expect(await run({ code: 'if (item.price > 10) return item' })).toMatchObject([{ value: 'a' }]);
  });

  it('is called once when nothing is wired, to make something of nothing', async () => {
    expect(await run({ code: 'return { value: 1, n: item.index }' }, [])).toMatchObject([{ value: 1 }]);
  });

  it('says which item went wrong, and makes of the others what it can', async () => {
    const code = 'if (item.index === 1) throw new Error("no cups"); return item';
    const { outputs, failed } = await testNode(javascript).params({ code }).items(items).run();
    expect(outputs.item).toMatchObject([{ value: 'a' }]);
    expect(failed).toEqual([{ item: 1, message: 'Error: no cups' }]);
  });

  it('keeps a file with its item, and refuses one that no item brought', async () => {
    await using files = new TestFiles();
    const photo = await files.write(samplePng(), { name: 'me.png' });
    const other = { ...photo, id: 'f'.repeat(64), name: 'other.png' };
    const given = [{ input: { item: photo }, fields: { other } as unknown as JsonObject }];
    const test = (code: string) => testNode(javascript).params({ code }).items(given).files(files).run();
    expect((await test('return { title: item.file.name }')).outputs.item).toEqual([
      { value: photo, fields: { title: 'me.png' } },
    ]);
    expect((await test('return { file: { ...item.file, name: "x" } }')).outputs.item?.[0]?.value).toEqual(photo);
    const refused = [{ item: 0, message: expect.stringContaining('"other.png", which no item brought') }];
    expect((await test('return { file: item.other }')).failed).toEqual(refused);
    expect((await test('return item.other')).failed).toEqual(refused);
  });

  it('refuses names that no field may have', async () => {
    const code = 'return JSON.parse(\'{"constructor":1}\')';
    const { failed } = await testNode(javascript).params({ code }).run();
    expect(failed).toEqual([{ item: 0, message: expect.stringContaining('"constructor" is a reserved name') }]);
  });
});

describe('once, with all items', () => {
  it('gives a list of items, each with the fields it carries', async () => {
    const code = 'return items.toSorted((a, b) => a.price - b.price)';
    expect(await run({ mode: 'all', code })).toEqual([
      { value: 'b', fields: { name: 'Cup', price: 8 } },
      { value: 'a', fields: { name: 'Mug', price: 12 } },
    ]);
  });

  it('may give one item for all', async () => {
    const code = 'return { value: items.reduce((sum, { price }) => sum + price, 0) }';
    expect(await run({ mode: 'all', code })).toEqual([{ value: 20, fields: {} }]);
  });
});
