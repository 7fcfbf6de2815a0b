import type { JsonObject } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { emit } from './context.ts';
import { defineNode } from './define-node.ts';
import { choice, slider, text } from './param.ts';
import { port } from './port.ts';
import { nodeConformance, testNode } from './testing/index.ts';

const shout = defineNode({
  type: 'test.shout',
  version: 1,
  title: 'Shout',
  summary: 'Makes text loud.',
  group: 'processing',
  icon: 'megaphone',
  inputs: { text: port.text() },
  outputs: { text: port.text() },
  params: {
    marks: slider({ title: 'Exclamation marks', min: 0, max: 5, default: 1 }),
    tone: choice({ title: 'Tone', options: ['warm', { value: 'cold', label: 'Ice cold' }], default: 'warm' }),
  },
  credits: ({ params, items }) => params.marks * items,
  effects: 'pure',
  headline: ['marks'],
  execute: ({ input, params }) => ({ text: input.text.toUpperCase() + '!'.repeat(params.marks) }),
});

describe('defineNode', () => {
  it('gives a description that survives JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(shout.description))).toEqual(shout.description);
    expect(shout.description).toMatchObject({
      credits: 'formula',
      mode: 'each',
      typicalMs: 50,
      params: {
        tone: {
          options: [
            { value: 'warm', label: 'Warm' },
            { value: 'cold', label: 'Ice cold' },
          ],
        },
      },
    });
  });

  it('computes credits and items from params', () => {
    expect(shout.credits({ params: { marks: 3 }, items: 4 })).toBe(12);
    expect(shout.yields({ params: {}, items: 4 })).toBe(4);
  });
});

describe('testNode', () => {
  it('runs a node over items and carries fields on', async () => {
    const outcome = await testNode(shout)
      .params({ marks: 2 })
      .items([
        { input: { text: 'hi' }, fields: { row: 1 } },
        { input: { text: 'ho' }, fields: { row: 2 } },
      ])
      .run();
    expect(outcome.outputs).toEqual({
      text: [
        { value: 'HI!!', fields: { row: 1 } },
        { value: 'HO!!', fields: { row: 2 } },
      ],
    });
  });

  it('refuses params that do not fit', async () => {
    await expect(
      testNode(shout)
        .params({ marks: 9 })
        .items([{ input: { text: 'hi' } }])
        .run(),
    ).rejects.toThrow('params.marks: expected at most 5, received 9');
  });
});

describe('nodeConformance', () => {
  for (const check of nodeConformance(shout)) it(check.name, check.run);

  const broken = defineNode({
    type: 'test.broken',
    version: 1,
    title: 'Broken',
    summary: 'Breaks every promise.',
    group: 'processing',
    icon: 'bomb',
    inputs: { json: port.json() },
    outputs: { value: port.json() },
    params: { word: text({ title: 'Word', default: 'long', maxLength: 2 }) },
    effects: 'pure',
    async execute({ input, signal }) {
      if (signal.aborted) await new Promise((resolve) => setTimeout(resolve, 3000));
      (input.json as { count: number }).count++;
      return { value: emit([{ value: Math.random() }]) };
    },
  });

  for (const check of nodeConformance(broken).filter((entry) => !entry.name.endsWith('complete')))
    it(`catches a node that breaks it: ${check.name}`, async () => {
      await expect(check.run()).rejects.toThrow();
    });

  const louder = (upgrade: Record<number, (params: JsonObject) => JsonObject>, earlier = [shout]) =>
    nodeConformance(
      defineNode({
        type: 'test.shout',
        version: 2,
        title: 'Shout',
        summary: 'Makes text loud.',
        group: 'processing',
        icon: 'megaphone',
        inputs: {},
        outputs: { text: port.text() },
        params: { volume: slider({ title: 'Volume', min: 0, max: 10, default: 1 }) },
        effects: 'pure',
        upgrade,
        execute: ({ params }) => ({ text: '!'.repeat(params.volume) }),
      }),
      { earlier },
    ).filter(({ name }) => name.includes('upgrade'));

  it('holds that an upgrade gives params that fit, from what is stored and from defaults', async () => {
    const [check, ...others] = louder({
      1: ({ marks }): JsonObject => (marks === undefined ? {} : { volume: Number(marks) * 2 }),
    });
    expect([check?.name, others]).toEqual(['test.shout: an upgrade from version 1 gives params that fit', []]);
    await check?.run();
  });

  it.each<[string, (params: JsonObject) => unknown, RegExp]>([
    ['keeps a param that is gone', (params) => params, /upgrade\.1 of .*: marks: the node has no such param/],
    ['gives a value out of range', () => ({ volume: 11 }), /volume: /],
    ['gives nothing', () => undefined, /expected it to return params/],
    ['changes what is stored', (params) => Object.assign(params, { volume: 1 }), /not extensible|read only/],
  ])('catches an upgrade that %s', async (_what, upgrade, message) => {
    const [check] = louder({ 1: upgrade as (params: JsonObject) => JsonObject });
    await expect(check?.run()).rejects.toThrow(message);
  });

  it('catches an upgrade from a version that comes after', async () => {
    const [check] = louder({ 3: (params) => params });
    await expect(check?.run()).rejects.toThrow('expected a version before 2');
  });
});
