import type { Json } from '@imaginarium/node-sdk';
import { type TestItem, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { split } from './split.ts';

const file = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 3, name: 'me.png' };

describe('flow.split', () => {
  it('makes an item of each entry of a list, with the fields of the whole', async () => {
    const items: TestItem[] = [
      { input: { item: ['a', 2, file] as Json }, fields: { n: 1 } },
      { input: { item: [] as Json }, fields: { n: 2 } },
      { input: { item: 'one\n\n two \n' }, fields: { n: 3 } },
    ];
    const { outputs } = await testNode(split).items(items).run();
    expect(outputs.item).toEqual([
      ...['a', 2, file].map((value) => ({ value, fields: { n: 1 } })),
      ...['one', 'two'].map((value) => ({ value, fields: { n: 3 } })),
    ]);
  });

  it('splits a field and leaves the file as it is', async () => {
    const items: TestItem[] = [
      { input: { item: file as Json }, fields: { tags: 'red, blue', n: 1 } },
      { input: { item: file as Json }, fields: { n: 2 } },
    ];
    const { outputs } = await testNode(split)
      .params({ source: 'field', field: 'tags', separator: 'comma' })
      .items(items)
      .run();
    expect(outputs.item).toEqual([
      { value: file, fields: { tags: 'red', n: 1 } },
      { value: file, fields: { tags: 'blue', n: 1 } },
    ]);
  });

  it('says what it cannot split', async () => {
    const run = (item: Json, params = {}) =>
      testNode(split)
        .params(params)
        .items([{ input: { item }, fields: { a: 1 } }])
        .run();
    await expect(run(file)).rejects.toThrow('Value of item 1: expected a list or a text, received a file (me.png).');
    await expect(run({ a: 1 })).rejects.toThrow('received {"a":1}');
    await expect(run('x', { source: 'field', field: 'tag' })).rejects.toThrow(
      'none of the 1 items has anything called "tag"',
    );
    await expect(run('x', { source: 'field', field: 'constructor' })).rejects.toThrow('is a reserved name');
  });
});
