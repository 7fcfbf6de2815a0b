import type { FileRef, Json, JsonObject } from '@imaginarium/node-sdk';
import { testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupe, distinctPositions } from './dedupe.ts';

const file = (id: string, name: string): FileRef => ({
  id: id.repeat(64),
  kind: 'image',
  mime: 'image/png',
  bytes: 3,
  name,
});
const of = (values: (Json | FileRef)[]) => values.map((item) => ({ input: { item } }));

describe('flow.dedupe', () => {
  it('knows a file by its bytes and a value by what it says', async () => {
    const values = [file('a', 'one.png'), file('a', 'copy.png'), { a: 1, b: 2 }, { b: 2, a: 1 }, 'X', 'x'];
    const { outputs, logs } = await testNode(dedupe)
      .items(of(values as Json[]))
      .run();
    expect(outputs.item?.map(({ value }) => value)).toEqual([values[0], values[2], 'X', 'x']);
    expect(logs[0]?.message).toBe('2 duplicates were left out.');
  });

  it('sees through capitals when asked to', async () => {
    const { outputs } = await testNode(dedupe)
      .params({ ignoreCase: true })
      .items(of(['X', 'x', 'y']))
      .run();
    expect(outputs.item?.map(({ value }) => value)).toEqual(['X', 'y']);
  });

  it('compares a field, keeps the last if wanted, and all that have none', async () => {
    const fields: JsonObject[] = [{ sku: 7, n: 1 }, { sku: '7', n: 2 }, { n: 3 }, { n: 4 }];
    const items = fields.map((entry) => ({ input: { item: 0 }, fields: entry }));
    const { outputs } = await testNode(dedupe).params({ by: 'field', field: 'sku', keep: 'last' }).items(items).run();
    expect(outputs.item?.map((item) => item.fields.n)).toEqual([2, 3, 4]);
  });

  it('lets each key through exactly once', () => {
    const key = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
    fc.assert(
      fc.property(fc.array(key), fc.constantFrom('first' as const, 'last' as const), (keys, keep) => {
        const kept = distinctPositions(keys, keep).map((index) => keys[index]);
        const named = kept.filter((entry) => entry !== undefined);
        expect(new Set(named).size).toBe(named.length);
        expect(new Set(named)).toEqual(new Set(keys.filter((entry) => entry !== undefined)));
        expect(kept.length - named.length).toBe(keys.filter((entry) => entry === undefined).length);
      }),
    );
  });
});
