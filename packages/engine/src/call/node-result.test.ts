import { emit, type FailedInput } from '@imaginarium/node-sdk';
import type { Json, JsonObject, NodeDescription } from '@imaginarium/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refuseUnsafe } from '../items/port-value.ts';
import { listSource } from '../testing/index.ts';
import { toNodeResult } from './node-result.ts';

const { description } = listSource as { description: NodeDescription };

function nested(levels: number): Json {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

/** What came of fields that a node returned: the refusal, or that they are right. */
function judged(fields: JsonObject, carried: JsonObject): string {
  try {
    toNodeResult({ item: 1, fields } as never, description, { input: {}, fields: carried });
    return 'right';
  } catch (error) {
    return String(error);
  }
}

it('judges fields the same, whichever of them were carried along', () => {
  const safe = fc.constantFrom<Json>('text', 1, null, true, { a: ['b'] }, nested(60), []);
  const any = fc.oneof(
    safe,
    fc.constantFrom<unknown>(Number.NaN, 'a\0', '\ud800', undefined, nested(63), nested(64), new Date(0), { b: 'a\0' }),
  );
  const names = fc.constantFrom('a', 'b', 'c', 'n\0', '__proto__', 'constructor', 'toString');
  const carriedNames = fc.constantFrom('a', 'b', 'toString');
  fc.assert(
    fc.property(fc.dictionary(carriedNames, safe), fc.array(fc.tuple(names, any)), (carried, more) => {
      const fields = { ...carried };
      for (const [name, value] of more)
        Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
      const refusal = refuseUnsafe(fields);
      const wanted = refusal ? expect.stringContaining(`wrong fields: ${refusal}.`) : 'right';
      expect(judged(fields, carried)).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

it('refuses what JSON cannot hold beside what was carried along', () => {
  expect(judged({ a: 1, b: Number.NaN }, { a: 1 })).toMatch('expected what JSON can carry');
  expect(judged({ a: 1, b: nested(63) }, { a: 1 })).toBe('right');
  expect(judged({ a: 1, b: nested(64) }, { a: 1 })).toMatch('levels of nesting');
});

it('takes failed items from nodes that see all of them, and only by position and message', () => {
  const all: NodeDescription = { ...description, mode: 'all' };
  const judge = (given: NodeDescription, failed: unknown) => {
    try {
      return toNodeResult({ item: emit([], { failed: [failed as FailedInput] }) }, given).failed;
    } catch (error) {
      return String(error);
    }
  };
  const failed = { item: 2, message: 'is bad' };
  expect(judge(all, failed)).toEqual([failed]);
  expect(judge({ ...description, mode: 'each' }, failed)).toContain('throws an error');
  for (const wrong of [
    { item: -1, message: 'x' },
    { item: 0.5, message: 'x' },
    { item: '1', message: 'x' },
    { item: 1 },
  ])
    expect(judge(all, wrong)).toContain('expected its position and a message');
});
