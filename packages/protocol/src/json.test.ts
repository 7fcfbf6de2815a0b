import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnsafeJson, stableStringify } from './json.ts';

const plain = fc.jsonValue({ maxDepth: 4 });

describe('findUnsafeJson', () => {
  it('finds nothing in what JSON.parse gives, whatever it holds', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype|\\u0000|\\ud[89a-f]/i.test(text));
        expect(findUnsafeJson(JSON.parse(text))).toBeUndefined();
      }),
    );
  });

  it('finds a forbidden key wherever it hides', () => {
    const hide = fc.constantFrom('__proto__', 'constructor', 'prototype');
    fc.assert(
      fc.property(hide, fc.array(fc.constantFrom('list', 'object'), { maxLength: 20 }), plain, (key, around, value) => {
        const inner = `{${JSON.stringify(key)}:${JSON.stringify(value)}}`;
        const text = around.reduce((at, kind) => (kind === 'list' ? `[1,${at}]` : `{"a":${at}}`), inner);
        expect(findUnsafeJson(JSON.parse(text))).toMatchObject({ reason: 'forbidden-key' });
      }),
    );
    const { path } = findUnsafeJson(JSON.parse('{"a":[{"__proto__":{"admin":true}}]}')) ?? {};
    expect(path).toEqual(['a', 0, '__proto__']);
  });

  it('counts levels: 32 are allowed and the 33rd is not', () => {
    const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(findUnsafeJson(nested(32))).toBeUndefined();
    expect(findUnsafeJson(nested(33))).toEqual({ reason: 'too-deep', path: Array(32).fill(0) });
  });

  it('refuses a document of a million levels without exhausting the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 1_000_000; level++) deep = { deep };
    expect(findUnsafeJson(deep)?.reason).toBe('too-deep');
  });

  it.each([
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a big integer', 1n],
    ['a date', new Date()],
    ['a map', new Map()],
    ['half a surrogate pair', 'a\ud800b'],
    ['half a surrogate pair as a key', { '\udc00': 1 }],
  ])('refuses %s', (_name, value) => {
    expect(findUnsafeJson({ value })).toMatchObject({ reason: 'not-json' });
  });

  it('refuses NUL characters in texts and keys, which PostgreSQL cannot hold', () => {
    expect(findUnsafeJson({ a: ['x\u0000'] })).toEqual({ reason: 'nul-character', path: ['a', 0] });
    expect(findUnsafeJson({ 'a\u0000': 1 })).toEqual({ reason: 'nul-character', path: ['a\u0000'] });
  });

  it('ends on a circle of references', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(findUnsafeJson(circle)?.reason).toBe('too-deep');
  });
});

describe('stableStringify', () => {
  it('gives the same text for any order of keys, and text that parses to the document', () => {
    fc.assert(
      fc.property(plain, fc.nat(), (value, seed) => {
        const text = stableStringify(value);
        expect(stableStringify(shuffleKeys(value, seed))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sorts keys at every level and keeps lists as they are', () => {
    expect(stableStringify({ b: [2, 1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[2,1,{"d":1}]}');
    expect(stableStringify({ b: 1, a: {} }, 2)).toBe('{\n  "a": {},\n  "b": 1\n}');
  });
});

function shuffleKeys(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((entry) => shuffleKeys(entry, seed));
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  const turned = [...keys.slice(seed % (keys.length || 1)), ...keys.slice(0, seed % (keys.length || 1))].reverse();
  const shuffled = Object.create(null);
  for (const key of turned) shuffled[key] = shuffleKeys((value as Record<string, unknown>)[key], seed);
  return shuffled;
}
