import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, failureSchema } from './error.ts';
import { runEventSchema } from './event.ts';
import { fileRefSchema, isFileRef } from './file-ref.ts';
import { type Item, itemSchema, jsonObjectSchema, jsonSchema } from './item.ts';
import { isTerminal, RUN_STATES, STEP_STATES } from './run.ts';

const file = { id: '0'.repeat(64), kind: 'image', mime: 'image/png', bytes: 0, name: 'a.png', width: 1, height: 1 };

describe('jsonSchema and jsonObjectSchema', () => {
  it('take what JSON carries and give it back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype|\\u0000|\\ud[89a-f]/i.test(text));
        expect(jsonSchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuse a polluting key by name instead of dropping it without a word', () => {
    const result = jsonObjectSchema.safeParse(JSON.parse('{"a":{"__proto__":{"admin":true}}}'));
    expect(result.error?.issues).toMatchObject([{ path: ['a', '__proto__'] }]);
    expect(jsonObjectSchema.safeParse({ constructor: 1 }).success).toBe(false);
  });

  it('refuse a value of 100,000 levels instead of exhausting the stack', () => {
    let deep = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(jsonObjectSchema.safeParse(deep).error?.issues[0]?.message).toBe('expected at most 64 levels of nesting');
  });

  it.each([[null], [[]], ['x'], [new Date()], [undefined]])('jsonObjectSchema refuses %o', (value) => {
    expect(jsonObjectSchema.safeParse(value).success).toBe(false);
  });
});

describe('items, files, events and failures', () => {
  it('survive JSON unchanged', () => {
    const item: Item = { id: 'a.image.0', file: fileRefSchema.parse(file), fields: { row: 1 }, from: ['in.image.0'] };
    expect(itemSchema.parse(JSON.parse(JSON.stringify(item)))).toEqual(item);
    expect(itemSchema.safeParse({ ...item, bytes: 'AAAA' }).success).toBe(false);
  });

  it('know a file reference from other JSON', () => {
    expect(isFileRef(file)).toBe(true);
    const wrong = [
      null,
      'x',
      {},
      { ...file, id: '../../etc/passwd' },
      { ...file, bytes: -1 },
      { ...file, kind: 'program' },
    ];
    expect(wrong.filter(isFileRef)).toEqual([]);
  });

  it('number events from 1', () => {
    const event = {
      type: 'run.started',
      runId: '00000000-0000-4000-8000-000000000001',
      at: '2026-01-01T00:00:00.000Z',
    };
    expect(runEventSchema.safeParse({ ...event, seq: 1 }).success).toBe(true);
    expect(runEventSchema.safeParse({ ...event, seq: 0 }).success).toBe(false);
    expect(runEventSchema.safeParse({ ...event, seq: 1, extra: true }).success).toBe(false);
  });

  it('take every error code and no other', () => {
    for (const code of ERROR_CODES) expect(failureSchema.safeParse({ code, message: '' }).success).toBe(true);
    expect(failureSchema.safeParse({ code: 'oops', message: '' }).success).toBe(false);
  });

  it('say which states are final', () => {
    expect(RUN_STATES.filter(isTerminal)).toEqual(['succeeded', 'failed', 'cancelled']);
    expect(STEP_STATES.filter(isTerminal)).toEqual(['succeeded', 'cached', 'skipped', 'failed', 'cancelled']);
  });
});
