import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { isEmptyValue, isShown, type ParamSpec, paramSpecSchema, refuseParamValue, withDefaults } from './param.ts';

const options = [
  { value: 'warm', label: 'Warm' },
  { value: 'cold', label: 'Cold' },
];
const photo = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 3, name: 'me.png' };
const sound = { ...photo, kind: 'audio', mime: 'audio/mpeg', name: 'me.mp3' };

/** A param of each kind, with values that fit and values that do not, and what is said of those. */
const kinds: { spec: ParamSpec; fit: Json[]; refused: [Json, string][] }[] = [
  {
    spec: { kind: 'text', title: 'T', default: '', maxLength: 3 },
    fit: ['', 'abc'],
    refused: [
      ['abcd', 'expected at most 3 characters, received 4'],
      [5, 'expected text, received 5'],
    ],
  },
  {
    spec: { kind: 'number', title: 'T', default: 1, min: 1, max: 5, integer: true },
    fit: [1, 5],
    refused: [
      [0, 'expected at least 1, received 0'],
      [6, 'expected at most 5, received 6'],
      [1.5, 'expected a whole number, received 1.5'],
      ['1', 'expected a number, received "1"'],
      [null, 'expected a number, received null'],
      [[5], 'expected a number, received [5]'],
    ],
  },
  {
    spec: { kind: 'slider', title: 'T', default: 0.5, min: 0, max: 1 },
    fit: [0, 0.33, 1],
    refused: [[1.01, 'expected at most 1, received 1.01']],
  },
  {
    spec: { kind: 'toggle', title: 'T', default: false },
    fit: [true, false],
    refused: [['yes', 'expected true or false, received "yes"']],
  },
  {
    spec: { kind: 'choice', title: 'T', default: 'warm', options },
    fit: ['warm', 'cold'],
    refused: [['hot', 'expected warm, cold, received "hot"']],
  },
  {
    spec: { kind: 'choices', title: 'T', default: [], options },
    fit: [[], ['cold', 'warm']],
    refused: [
      [['warm', 'hot'], 'expected warm, cold, received "hot"'],
      ['warm', 'expected a list of options, received "warm"'],
    ],
  },
  {
    spec: { kind: 'colour', title: 'T', default: '#000000' },
    fit: ['#1890ff', '#ABCDEF'],
    refused: [
      ['red', 'expected a colour like #1890ff, received "red"'],
      ['#fff', 'expected a colour like #1890ff, received "#fff"'],
    ],
  },
  {
    spec: { kind: 'asset', title: 'T', default: null, accept: ['image'] },
    fit: [null, photo, [photo], []],
    refused: [
      [[photo, photo], 'expected one file, received 2'],
      [sound, 'expected image, received audio (me.mp3)'],
      ['/etc/passwd', 'expected an uploaded file, received "/etc/passwd"'],
    ],
  },
  {
    spec: { kind: 'asset', title: 'T', default: null, accept: ['image', 'audio'], multiple: true },
    fit: [null, photo, [photo, sound]],
    refused: [[[photo, 1], 'expected an uploaded file, received 1']],
  },
  { spec: { kind: 'json', title: 'T', default: {} }, fit: [1, 'x', [], {}, { a: [1] }], refused: [] },
  {
    spec: { kind: 'code', title: 'T', language: 'javascript', default: '' },
    fit: ['', '{{ not read }}'],
    refused: [[1, 'expected text, received 1']],
  },
  {
    spec: {
      kind: 'list',
      title: 'T',
      default: [],
      of: { kind: 'colour', title: 'C', default: '#000000' },
      maxItems: 2,
    },
    fit: [[], ['#111111', '#222222']],
    refused: [
      [['#111111', 'x'], 'entry 2: expected a colour like #1890ff, received "x"'],
      [['#111111', '#111111', '#111111'], 'expected at most 2 entries, received 3'],
      ['#111111', 'expected a list, received "#111111"'],
    ],
  },
  {
    spec: { kind: 'key-value', title: 'T', default: {} },
    fit: [{}, { a: 'b' }],
    refused: [
      [{ a: 1 }, 'expected names with text values, received {"a":1}'],
      [[], 'expected names with text values, received []'],
    ],
  },
  {
    spec: { kind: 'expression', title: 'T', default: '' },
    fit: ['', '{{ item.x }}'],
    refused: [[true, 'expected text, received true']],
  },
  {
    spec: { kind: 'model', title: 'T', default: 'auto', task: 'upscale' },
    fit: ['auto'],
    refused: [[1, 'expected text, received 1']],
  },
];

describe('refuseParamValue', () => {
  for (const { spec, fit, refused } of kinds) {
    it(`takes what fits ${spec.kind} and says what is wrong with the rest`, () => {
      for (const value of fit) expect(refuseParamValue(spec, value)).toBeUndefined();
      for (const [value, sentence] of refused) expect(refuseParamValue(spec, value)).toBe(sentence);
    });
  }

  it('knows every kind', () => {
    const covered = new Set(kinds.map(({ spec }) => spec.kind));
    expect(covered).toEqual(new Set(paramSpecSchema.options.map((option) => option.shape.kind.value)));
  });

  it('answers for any value in one short sentence', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.jsonValue(), ({ spec }, value) => {
        const sentence = refuseParamValue(spec, value as Json);
        if (sentence !== undefined) expect(sentence).toMatch(/expected .{1,120}received /s);
      }),
    );
    expect(refuseParamValue({ kind: 'toggle', title: 'T', default: false }, 'x'.repeat(1_000_000))).toHaveLength(93);
  });

  it('takes the defaults of every kind', () => {
    for (const { spec } of kinds) expect(refuseParamValue(spec, spec.default as Json)).toBeUndefined();
  });
});

describe('a param spec', () => {
  it('survives its schema and JSON unchanged', () => {
    for (const { spec } of kinds) expect(paramSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it('is refused with fields it does not know', () => {
    expect(paramSpecSchema.safeParse({ kind: 'toggle', title: 'T', default: true, min: 1 }).success).toBe(false);
  });
});

describe('isShown', () => {
  const shown = (showWhen: ParamSpec['showWhen'], values: Record<string, Json>) =>
    isShown({ kind: 'toggle', title: 'T', default: false, showWhen }, values);

  it('shows what has no condition', () => {
    expect(shown(undefined, {})).toBe(true);
    expect(shown({}, {})).toBe(true);
  });

  it('compares by value, and every condition must hold', () => {
    expect(shown({ mode: 'fit' }, { mode: 'fit' })).toBe(true);
    expect(shown({ mode: 'fit' }, { mode: 'fill' })).toBe(false);
    expect(shown({ mode: 'fit', on: true }, { mode: 'fit', on: false })).toBe(false);
    expect(shown({ mode: { eq: 'fit' } }, { mode: 'fit' })).toBe(true);
    expect(shown({ mode: { not: 'fit' } }, { mode: 'fit' })).toBe(false);
    expect(shown({ mode: { in: ['a', 'b'] } }, { mode: 'b' })).toBe(true);
    expect(shown({ mode: { in: ['a', 'b'] } }, { mode: 'c' })).toBe(false);
  });

  it('compares numbers with their limits, and only numbers', () => {
    expect([0, 1, 2, 3].filter((size) => shown({ size: { gt: 0, lte: 2 } }, { size }))).toEqual([1, 2]);
    expect([0, 1, 2, 3].filter((size) => shown({ size: { gte: 1, lt: 3 } }, { size }))).toEqual([1, 2]);
    expect(shown({ size: { gt: 0 } }, { size: '5' })).toBe(false);
    expect(shown({ size: { gt: 0 } }, {})).toBe(false);
  });

  it('does not take what every object inherits for a value', () => {
    expect(shown({ constructor: { not: 'x' } }, {})).toBe(true);
    expect(shown({ toString: { in: ['x'] } }, {})).toBe(false);
  });
});

describe('withDefaults', () => {
  const specs = {
    size: { kind: 'number', title: 'Size', default: 7 } satisfies ParamSpec,
    toString: { kind: 'text', title: 'Odd', default: 'mine' } satisfies ParamSpec,
  };

  it('fills in what is left out or null, and drops what no param is called', () => {
    expect(withDefaults(specs, {})).toEqual({ size: 7, toString: 'mine' });
    expect(withDefaults(specs, { size: null, other: 1 })).toEqual({ size: 7, toString: 'mine' });
    expect(withDefaults(specs, { size: 0 })).toEqual({ size: 0, toString: 'mine' });
  });
});

describe('isEmptyValue', () => {
  it('counts nothing, blank text and empty lists as empty; zero, no and an empty object are values', () => {
    expect([undefined, null, '', '  ', []].every(isEmptyValue)).toBe(true);
    expect([0, false, {}, 'x', [0]].some(isEmptyValue)).toBe(false);
  });
});
