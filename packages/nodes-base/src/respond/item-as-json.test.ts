import type { Json, JsonObject } from '@imaginarium/node-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemAsJson } from './item-as-json.ts';

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const names = fc.oneof(fc.constantFrom('value', 'file', 'a', '1'), fc.string());
const fieldsOf = fc.dictionary(names, json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

describe('an item as JSON', () => {
  it('reads as JSON would write it, however many items have its value', () => {
    fc.assert(
      fc.property(json, fc.array(fieldsOf, { maxLength: 4 }), (value, each) => {
        for (const fields of each) expect(itemAsJson(value, fields)).toBe(JSON.stringify({ ...fields, value }));
      }),
    );
  });

  it('has a file under its own name', () => {
    const file = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1, name: 'a.png' } as const;
    expect(itemAsJson(file, { price: 2 })).toBe(JSON.stringify({ price: 2, file }));
  });
});
