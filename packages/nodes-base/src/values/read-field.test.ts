import { describe, expect, it } from 'vitest';
import { type AnyItem, readField, readFields } from './read-field.ts';

const photo: AnyItem = {
  value: { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 3, name: 'me.png', width: 640 },
  fields: { price: 12, 'unit.price': 3, size: { width: 7, all: ['s', 'm'] }, none: null },
};

describe('readField', () => {
  it('finds fields, what is inside of them, and what the file says', () => {
    const names = ['price', 'unit.price', 'size.width', 'size.all.1', 'item.price', 'file.width', 'file.name'];
    expect(names.map((name) => readField(photo, name))).toEqual([12, 3, 7, 'm', 12, 640, 'me.png']);
  });

  it('finds nothing where there is nothing, and nothing that every object inherits', () => {
    const names = ['none', 'other', 'price.x', 'value', 'file.toString', 'constructor', '__proto__', 'size.all.length'];
    expect(names.slice(0, 7).map((name) => readField(photo, name))).toEqual(Array(7).fill(undefined));
    expect(readField({ value: 'x', fields: {} }, 'file')).toBeUndefined();
    expect(readField({ value: { a: 1 }, fields: {} }, 'value.a')).toBe(1);
  });
});

describe('readFields', () => {
  it('says what there is when nothing has the name', () => {
    expect(readFields([photo, { value: 1, fields: {} }], ' price ', 'Field')).toEqual([12, undefined]);
    expect(() => readFields([photo], 'pirce', 'Field')).toThrow(
      'Field: none of the 1 items has anything called "pirce". They have price, unit.price, size, none. Write the bare name, without braces.',
    );
    expect(() => readFields([{ value: 1, fields: {} }], ' ', 'For each')).toThrow(
      'For each: expected the name of a field, received nothing. They have no fields.',
    );
  });
});
