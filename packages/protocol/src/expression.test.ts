import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeIn, type ExpressionScope, hasExpression, parseTemplate, resolveTemplate } from './expression.ts';
import type { Json } from './json.ts';

const scope: ExpressionScope = {
  item: {
    index: 2,
    value: 'v',
    name: 'Red shoe',
    'odd key': 1,
    tags: ['a', 'b'],
    size: { w: 800 },
    no: null,
    yes: true,
  },
  run: { workflow: 'Shoes', inputs: { photo: 'x' } },
  vars: {},
  loop: { index: 3 },
  nodes: { Upscale: { items: [{ fields: { width: 1600 } }] }, 'My "best"': { items: [] } },
};

/** For texts that hold paths only. */
const never = (source: string): never => {
  throw new Error(`${source} was taken for code.`);
};

describe('resolveTemplate', () => {
  it.each<[string, Json]>([
    ['plain text', 'plain text'],
    ['{{ item.name }}', 'Red shoe'],
    ['{{item.name}}', 'Red shoe'],
    ['{{ item["odd key"] }}', 1],
    ["{{ item['odd key'] }}", 1],
    ['{{ item.tags[1] }}', 'b'],
    ['{{ item.tags[ 0 ] }}', 'a'],
    ['{{ item.tags.length }}', 2],
    ['{{ item.tags }}', ['a', 'b']],
    ['{{ item.size }}', { w: 800 }],
    ['{{ item.yes }}', true],
    ['{{ item.no }}', null],
    ['{{ item.missing.deeper[3] }}', null],
    ['{{ nodes["Upscale"].items[0].fields.width }}', 1600],
    ['{{ nodes["My \\"best\\""].items }}', []],
    ['{{ run.inputs.photo }}', 'x'],
    ['No. {{ item.index }}: {{ item.name }}!', 'No. 2: Red shoe!'],
    ['[{{ item.missing }}|{{ item.no }}]', '[|]'],
    ['size {{ item.size }}', 'size {"w":800}'],
    ['{{ item.name', '{{ item.name'],
    ['}} {{ item.index }}', '}} 2'],
    ['{{ item }} ', `${JSON.stringify(scope.item)} `],
  ])('reads %s', (text, expected) => {
    expect(resolveTemplate(text, scope, never)).toEqual(expected);
  });

  it.each(['{{ item.constructor }}', '{{ item.__proto__ }}', '{{ item.tags.map }}', '{{ item.name.length }}'])(
    'sees own properties only: %s gives nothing',
    (text) => expect(resolveTemplate(text, scope, never)).toBeNull(),
  );

  it.each(['1 + 1', 'item.name.toUpperCase()', 'process.env', 'item[name]', '', 'items.x'])(
    'hands on what is more than a path, and evaluates nothing itself: %s',
    (source) => {
      const asked: string[] = [];
      const evaluate = (code: string) => {
        asked.push(code);
        return [1];
      };
      expect(resolveTemplate(`{{ ${source} }}`, scope, evaluate)).toEqual([1]);
      expect(resolveTemplate(`{{ item.index }}: {{ ${source} }}`, scope, evaluate)).toBe('2: [1]');
      expect(asked).toEqual([source, source]);
    },
  );

  it('never reads a value again, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (noise) => {
        const value = `${noise}{{ run.workflow }}${noise}`;
        const item = { ...scope.item, value };
        expect(resolveTemplate('{{ item.value }}', { ...scope, item }, never)).toBe(value);
        expect(resolveTemplate('a {{ item.value }}', { ...scope, item }, never)).toBe(`a ${value}`);
      }),
    );
  });

  it('finds any key that a path can write', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 2 }), (key, value) => {
        fc.pre(value !== undefined);
        const escaped = key.replaceAll(/["\\}]/g, '\\$&');
        const item = Object.fromEntries([[key, value as Json]]);
        expect(resolveTemplate(`{{ item["${escaped}"] }}`, { ...scope, item }, never)).toEqual(value);
      }),
    );
  });
});

describe('codeIn', () => {
  it('finds each source that is more than a path once, at any depth', () => {
    const value = { a: ['{{ item.name }} {{ 1 + 1 }}', { b: '{{ 1 + 1 }}{{ item.x * 2 }}' }], c: 3, d: null };
    expect(codeIn(value)).toEqual(['1 + 1', 'item.x * 2']);
  });
});

describe('parseTemplate', () => {
  const odd = fc.array(
    fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{',
        '}',
        ' ',
        'item',
        '.',
        '[',
        ']',
        '"',
        '\\',
        "'",
        '0',
        '1e9',
        'nodes',
        '\n',
        '\u2028',
      ),
      fc.string(),
    ),
    { maxLength: 40 },
  );

  it('never throws, and loses no text, on any input', () => {
    fc.assert(
      fc.property(odd, (parts) => {
        const text = parts.join('');
        const segments = parseTemplate(text);
        if (!hasExpression(text))
          expect(segments.map((part) => part.type === 'literal' && part.text).join('')).toBe(text);
        for (const segment of segments) {
          if (segment.type !== 'literal') expect(text).toContain(segment.source);
          else expect(text).toContain(segment.text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cuts half a million characters of braces at once', () => {
    for (const text of ['{{'.repeat(250_000), '{{}}'.repeat(125_000), `{{ item${'.a'.repeat(100_000)} }}`]) {
      const startedAt = performance.now();
      parseTemplate(text);
      expect(performance.now() - startedAt).toBeLessThan(2000);
    }
  });

  it('is not slowed down by quotes that never close', () => {
    const startedAt = performance.now();
    expect(parseTemplate(`{{ item["${'\\"'.repeat(50_000)} }}`)[0]?.type).toBe('code');
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
