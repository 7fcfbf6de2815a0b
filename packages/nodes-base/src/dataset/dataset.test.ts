import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { dataset } from './dataset.ts';
import { separatorOf } from './parse-csv.ts';
import { parseRows } from './parse-rows.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const rows = (content: string, detectTypes = true) => parseRows('mugs.csv', content, { detectTypes });

describe('parseRows', () => {
  it('reads a CSV with quotes, line breaks in values, and numbers that are plainly numbers', async () => {
    expect(await rows('name,price,sku,new\n"Mug, ""blue""\nlarge",12.5,007,true\r\nHat,-3,1e5,no\n')).toEqual([
      { name: 'Mug, "blue"\nlarge', price: 12.5, sku: '007', new: true },
      { name: 'Hat', price: -3, sku: '1e5', new: 'no' },
    ]);
    expect(await rows('a\n1\n', false)).toEqual([{ a: '1' }]);
  });

  it('finds out the separator', async () => {
    expect(await rows('name;price\nMug;1,5')).toEqual([{ name: 'Mug', price: '1,5' }]);
    expect(await rows('name\tprice\nMug\t2')).toEqual([{ name: 'Mug', price: 2 }]);
    expect(separatorOf('"a,b,c";d\n')).toBe(';');
    expect(separatorOf('alone')).toBe(',');
  });

  it('reads a JSON array, JSON lines, and one object over several lines', async () => {
    expect(await rows('[{"a":1,"b":{"c":[2]}}]')).toEqual([{ a: 1, b: { c: [2] } }]);
    expect(await rows('{"a":1}\n\n{"a":2}\n')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await rows('{\n  "a": 1\n}')).toEqual([{ a: 1 }]);
  });

  it.each([
    ['a,b\n1,2\n3\n', 'mugs.csv, line 3: expected 2 columns, received 1.'],
    [
      'a,a\n1,2',
      'mugs.csv, line 1, column 2: "a" is already the name of column 1. Give each column a name of its own.',
    ],
    ['a,\n1,2', 'mugs.csv, line 1, column 2: a name is empty.'],
    ['a,__proto__\n1,2', 'mugs.csv, line 1, column 2: "__proto__" is a reserved name.'],
    ['a,b\n"1,2\n', 'a double quote is opened and never closed.'],
    ['a,b\n1,x"y"\n', 'mugs.csv, line 2, column 2: a double quote stands inside a value.'],
    ['a,b\n', 'mugs.csv: expected at least one row, received none.'],
    ['[{"a":1},\n{"a":}]', 'mugs.csv, line 2, column 6: expected JSON, received "}]". Correct it there.'],
    ['[{"a":1}, 7]', 'mugs.csv, entry 2: expected an object such as {"name": "Blue mug"}, received 7.'],
    ['[{"__proto__":1}]', 'mugs.csv, entry 1: "__proto__" is a reserved name. Rename or remove it.'],
    [
      '{"a":1}\n{"a":\n',
      'mugs.csv, line 2, column 6: expected one JSON object a line, received the end. Correct it there.',
    ],
    ['{"a":{"constructor":1}}', '"constructor" is a reserved name'],
    ['[]', 'expected at least one row, received none'],
  ])('refuses %j', async (content, message) => {
    await expect((async () => rows(content))()).rejects.toThrow(message);
  });

  it('refuses more than 10,000 rows, and takes exactly as many', async () => {
    expect(await rows(`a\n${'1\n'.repeat(10_000)}`)).toHaveLength(10_000);
    await expect(rows(`a\n${'1\n'.repeat(10_001)}`)).rejects.toThrow('expected at most 10,000 rows, received more');
  });

  it('gives back what was written, for any text', async () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }), async (pairs) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const content = `one,two\n${pairs.map((pair) => pair.map(quoted).join(',')).join('\n')}`;
        expect(await rows(content, false)).toEqual(pairs.map(([one, two]) => ({ one, two })));
      }),
    );
  });
});

describe('input.dataset', () => {
  it('gives one item for each row, its columns as fields', async () => {
    const file = await files.write(new TextEncoder().encode('\ufeffname,price\nMug,12\n'), { name: 'mugs.csv' });
    const { outputs } = await testNode(dataset).params({ file }).files(files).run();
    expect(outputs.row).toEqual([{ value: { name: 'Mug', price: 12 }, fields: { name: 'Mug', price: 12 } }]);
  });

  it('refuses a file that is not text, a missing one, and nothing pasted', async () => {
    const file = await files.write(new Uint8Array([0xff, 0x00, 0x80, 0x81]), { name: 'mugs.csv' });
    await expect(testNode(dataset).params({ file }).files(files).run()).rejects.toThrow(
      'mugs.csv: expected text in UTF-8',
    );
    await expect(testNode(dataset).run()).rejects.toThrow('file: expected a CSV or JSON file, received none.');
    await expect(testNode(dataset).params({ source: 'text' }).run()).rejects.toThrow(
      'text: expected CSV or JSON, received nothing.',
    );
  });
});
