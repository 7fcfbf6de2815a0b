import { asset, defineNode, type ModelEntry, port } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, noFiles, RunHarness } from '../testing/index.ts';
import { quoteRun } from './quote-run.ts';

const photo = defineNode({
  ...aLightNode,
  type: 'test.photo',
  inputs: {},
  outputs: { image: port.image() },
  params: { photo: asset({ title: 'Photo', accept: ['image'] }) },
  execute: () => ({ image: undefined }),
});

const grow = defineNode({
  ...aLightNode,
  type: 'test.grow',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {},
  foresee: ({ picture, models }) => {
    const ms = models[0]?.speed?.msPerMegapixel;
    if (!picture || ms === undefined) return {};
    const size = { width: picture.width * 2, height: picture.height * 2 };
    const adds = { each: 'face', ms: 7, onceMs: 0 };
    return { ms: (ms * picture.width * picture.height) / 1e6, measured: true, adds, picture: size };
  },
  execute: ({ input }) => ({ image: input.image }),
});

const { registry } = new RunHarness([photo, grow], { openFiles: () => noFiles }).services;

describe('quoteRun, by what nodes foresee', () => {
  const file = {
    id: 'a'.repeat(64),
    kind: 'image',
    mime: 'image/png',
    bytes: 1,
    name: 'a.png',
    width: 1000,
    height: 2000,
  };
  const speed = {
    sha256: 'b'.repeat(64),
    msPerMegapixel: 500,
    peakMemoryMb: 1,
    measuredAt: '2026-11-21T00:00:00.000Z',
  };
  const models = [{ entry: {} as ModelEntry, speed }];
  const graph = aGraph()
    .node('in', 'test.photo', { photo: file })
    .node('first', 'test.grow')
    .node('second', 'test.grow')
    .wire('in.image', 'first.image')
    .wire('first.image', 'second.image');
  const times = (more: object) => {
    const { nodes, measured } = quoteRun(graph.build(), {}, registry, {
      measured: new Map([
        ['test.photo@1', 1],
        ['test.grow@1', 7],
      ]),
      ...more,
    });
    return [measured, ...nodes.map(({ estimateMs }) => estimateMs)];
  };

  it('takes the time from the picture that comes in and the models of the machine, and hands its size on', () => {
    expect(times({ models })).toEqual([true, 1, 1000, 4000]);
  });

  it('says beside the time what is not in it', () => {
    const addsOf = (more: object) =>
      quoteRun(graph.build(), {}, registry, { measured: new Map(), ...more }).nodes.map(({ adds }) => adds);
    const adds = { each: 'face', ms: 7, onceMs: 0 };
    expect(addsOf({ models })).toEqual([undefined, adds, adds]);
    expect(addsOf({})).toEqual([undefined, undefined, undefined]);
  });

  it('falls back on what was measured before where nothing is foreseen', () => {
    expect(times({})).toEqual([true, 1, 7, 7]);
  });

  it('takes a node that gives no number, or fails to say it, for one that foresees nothing', () => {
    for (const msPerMegapixel of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(times({ models: [{ entry: {} as ModelEntry, speed: { ...speed, msPerMegapixel } }] })).toEqual([
        true,
        1,
        7,
        7,
      ]);
    const broken = Object.defineProperty([...models], 0, {
      get: () => {
        throw new TypeError('params.list.map is not a function');
      },
    });
    expect(times({ models: broken })).toEqual([true, 1, 7, 7]);
  });
});
