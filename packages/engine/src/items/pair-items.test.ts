import type { Item } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairingError, pairItems, type Row } from './pair-items.ts';

const item = (id: string, ...from: string[]): Item => ({ id, value: id, fields: {}, from });
const items = (name: string, count: number, from: (index: number) => string[] = () => []) =>
  Array.from({ length: count }, (_, index) => item(`${name}${index}`, ...from(index)));

function pair(ports: Record<string, Item[]>, older: Item[] = []): string[] {
  const known = new Map([...older, ...Object.values(ports).flat()].map((entry) => [entry.id, entry]));
  return pairItems(ports, (id) => known.get(id)).map((row) =>
    Object.values(row)
      .map((entry) => entry.id)
      .join(' '),
  );
}

describe('pairItems', () => {
  it('makes one row without ports, so that a source is called once', () => {
    expect(pair({})).toEqual(['']);
  });

  it('makes a row of each item of a single port', () => {
    expect(pair({ a: items('a', 3) })).toEqual(['a0', 'a1', 'a2']);
  });

  it('pairs strangers by position', () => {
    expect(pair({ a: items('a', 2), b: items('b', 2), c: items('c', 2) })).toEqual(['a0 b0 c0', 'a1 b1 c1']);
  });

  it('repeats a single item for all of the others, on whatever port it is', () => {
    expect(pair({ a: items('a', 1), b: items('b', 3) })).toEqual(['a0 b0', 'a0 b1', 'a0 b2']);
    expect(pair({ a: items('a', 3), b: items('b', 1) })).toEqual(['a0 b0', 'a1 b0', 'a2 b0']);
  });

  it('refuses items that would be left over, and says how many there are', () => {
    expect(() => pair({ image: items('a', 3), text: items('b', 2) })).toThrow(
      'image has 3 items and text has 2, and they do not belong together one by one: some would be left over.',
    );
  });

  it('pairs by descent where the order differs', () => {
    const rows = items('row', 3);
    const b = ['b0', 'b1', 'b2'].map((id, index) => item(id, `row${2 - index}`));
    expect(pair({ a: items('a', 3, (index) => [`row${index}`]), b }, rows)).toEqual(['a0 b2', 'a1 b1', 'a2 b0']);
  });

  it('repeats an item for all that descend from the same one, on whatever port the many are', () => {
    const rows = items('row', 2);
    const slides = items('slide', 4, (index) => [`row${index >> 1}`]);
    const titles = items('title', 2, (index) => [`row${index}`]);
    expect(pair({ slides, titles }, rows)).toEqual([
      'slide0 title0',
      'slide1 title0',
      'slide2 title1',
      'slide3 title1',
    ]);
    expect(pair({ titles, slides }, rows)).toEqual([
      'title0 slide0',
      'title0 slide1',
      'title1 slide2',
      'title1 slide3',
    ]);
  });

  it('pairs by position inside a family of the same size on both ports', () => {
    const rows = items('row', 2);
    const a = [item('a0', 'row0'), item('a1', 'row0'), item('a2', 'row1')];
    const b = [item('b0', 'row1'), item('b1', 'row0'), item('b2', 'row0')];
    expect(pair({ a, b }, rows)).toEqual(['a0 b1', 'a1 b2', 'a2 b0']);
  });

  it('refuses branches that lost different items, though both have as many', () => {
    const rows = items('row', 3, () => ['table']);
    const older = [...rows, item('table')];
    const a = [item('a0', 'row0'), item('a2', 'row2')];
    const b = [item('b0', 'row0'), item('b1', 'row1')];
    expect(() => pair({ a, b }, older)).toThrow(PairingError);
    expect(() => pair({ a, b }, items('row', 3))).toThrow(PairingError);
  });

  it('looks for the closest relatives through long branches and joins', () => {
    const older = [...items('row', 3, () => ['table']), item('table'), item('logo')];
    older.push(...items('deep', 3, (index) => ['logo', `row${index}`]));
    const a = items('a', 3, (index) => [`deep${index}`]);
    const b = items('b', 3, (index) => ['logo', `row${(index + 1) % 3}`]);
    expect(pair({ a, b }, older)).toEqual(['a0 b2', 'a1 b0', 'a2 b1']);
  });

  it('leaves nothing out and repeats nothing it need not, for any sizes of families in any order', () => {
    const families = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(families, fc.nat(), (sizes, seed) => {
        const rows = items('row', sizes.length, () => ['table']);
        const many = sizes.flatMap(([size], row) => items(`m${row}.`, size, () => [`row${row}`]));
        const each = sizes.flatMap(([size, same], row) => items(`e${row}.`, same ? size : 1, () => [`row${row}`]));
        const turned = [...each.slice(seed % each.length), ...each.slice(0, seed % each.length)];
        const pairs = pair({ many, turned }, [...rows, item('table')]);
        expect(pairs).toHaveLength(many.length);
        for (const text of pairs) expect(text).toMatch(/^m(\d+)\.\d+ e\1\.\d+$/);
        expect(new Set(pairs.map((text) => text.split(' ')[1])).size).toBe(each.length);
      }),
    );
  });

  it('either pairs every item or refuses, whatever the lineage', () => {
    const ancestors = items('x', 6, (index) => (index === 0 ? [] : [`x${index >> 1}`]));
    const port = fc.array(fc.subarray(['x0', 'x1', 'x2', 'x3', 'x4', 'x5'], { maxLength: 2 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(port, port, port, (a, b, c) => {
        const ports = { a, b, c };
        const made = Object.fromEntries(
          Object.entries(ports).map(([name, list]) => [
            name,
            list.map((from, index) => item(`${name}${index}`, ...from)),
          ]),
        );
        const known = new Map([...ancestors, ...Object.values(made).flat()].map((entry) => [entry.id, entry]));
        let rows: Row[];
        try {
          rows = pairItems(made, (id) => known.get(id));
        } catch (error) {
          expect(error).toBeInstanceOf(PairingError);
          return;
        }
        for (const [name, list] of Object.entries(made)) {
          expect(new Set(rows.map((row) => row[name]?.id))).toEqual(new Set(list.map(({ id }) => id)));
          expect(rows.every((row) => Object.keys(row).join() === 'a,b,c')).toBe(true);
        }
      }),
    );
  });

  it('ends at once on a ladder of 30 diamonds', () => {
    const ladder = Array.from({ length: 31 }, (_, step) => [
      item(`top${step}`, ...(step === 0 ? [] : [`left${step - 1}`, `right${step - 1}`])),
      item(`left${step}`, `top${step}`),
      item(`right${step}`, `top${step}`),
    ]).flat();
    const startedAt = performance.now();
    pair({ a: items('a', 20, () => ['left30']), b: items('b', 20, () => ['right30']) }, ladder);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
