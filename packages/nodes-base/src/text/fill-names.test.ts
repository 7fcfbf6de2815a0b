import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillNames } from './fill-names.ts';

describe('fillNames', () => {
  it('fills names in, the first source that knows one winning', () => {
    expect(fillNames('{a} {b} {c}', { a: 1 }, { a: 2, b: true, c: { x: 1 } })).toEqual({
      text: '1 true {"x":1}',
      unknown: [],
    });
  });

  it('leaves unknown names as written, and names each once', () => {
    expect(fillNames('{x} {y} {x}', { y: null })).toEqual({ text: '{x}  {x}', unknown: ['x'] });
  });

  it('leaves braces alone that hold no name', () => {
    const text = '{ "a": 1 } {} { b } {1} a { color: red }';
    expect(fillNames(text, { a: 1, b: 2 })).toEqual({ text, unknown: [] });
  });

  it('never reads a value for names, and never reaches a prototype', () => {
    expect(fillNames('{a}', { a: '{b}', b: 'no' }).text).toBe('{b}');
    expect(fillNames('{constructor}{__proto__}', {})).toEqual({
      text: '{constructor}{__proto__}',
      unknown: ['constructor', '__proto__'],
    });
  });

  it('gives back any value that is text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(fillNames('<{v}>', { v: value }).text).toBe(`<${value}>`);
      }),
    );
  });
});
