import { randomUUID } from 'node:crypto';
import { defineNode, emit, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { type Graph, type PriceList, type PriceTerms, termsFor } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { mayCost } from '../quote/may-cost.ts';
import { quoteRun } from '../quote/quote-run.ts';
import { aGraph, aLightNode, aNewRun, listSource, noFiles, RunHarness } from '../testing/index.ts';
import { executeRun } from './execute-run.ts';

const through = { inputs: { item: port.any() }, outputs: { item: port.any() } };
const passOn = (type: string) =>
  defineNode({ ...aLightNode, ...through, type, execute: ({ input }) => ({ item: input.item }) });
const fails = defineNode({
  ...aLightNode,
  ...through,
  type: 'upscaler.professional',
  execute: () => {
    throw new NonRetryableError('No face was found.');
  },
});
/** Gives more items than anybody expects of it. */
const surprise = defineNode({
  ...aLightNode,
  ...through,
  type: 'test.surprise',
  counts: 'unknown',
  mode: 'all',
  yields: ({ items }) => items,
  execute: ({ input }) => ({ item: emit([1, 2, 3, 4].map((value) => ({ value: [value, input.item.length] }))) }),
});

const prices: PriceList = {
  version: 7,
  rules: [
    { type: 'upscaler.standard', credits: 15, per: 'item', batch: { from: 5, percentOff: 20 }, limit: 20 },
    { type: 'upscaler.professional', credits: 35, per: 'item', limit: 10 },
    { type: 'upscaler.billboard', credits: 75, per: 'item', batch: { from: 2, percentOff: 15 }, limit: 3 },
    { type: 'generator.avatar', credits: 10, per: 'item' },
    { type: 'carousel.slides', credits: 25, per: 'step' },
    {
      ...{ type: 'upscaler.to-size', credits: 75, per: 'item', batch: { from: 2, percentOff: 20 } },
      choices: { param: 'target', credits: { '2k': 15 } },
    },
    { type: 'test.fine', credits: 1, per: 'item', batch: { from: 2, percentOff: 25 } },
  ],
  bundles: [
    {
      ...{ id: 'set', title: 'The set', off: 5 },
      types: ['generator.avatar', 'upscaler.professional', 'carousel.slides'],
    },
  ],
  currency: { code: 'IDR', perCredit: 100 },
};

const nodes = [
  listSource,
  surprise,
  ...['upscaler.standard', 'upscaler.billboard', 'generator.avatar', 'carousel.slides', 'test.fine'].map(passOn),
  defineNode({
    ...aLightNode,
    ...through,
    type: 'upscaler.to-size',
    params: { target: text({ title: 'Size', default: '8k' }) },
    execute: ({ input }) => ({ item: input.item }),
  }),
];

function termsOf(graph: Graph): PriceTerms {
  return termsFor(prices, new Set(graph.nodes.map((node) => node.type)), graph.settings.bundle);
}

/** Quotes a graph and runs it with a wallet, as a server does. */
async function play(graph: Graph, credits: number, professional = passOn('upscaler.professional'), most?: number) {
  const harness = new RunHarness([...nodes, professional], { openFiles: () => noFiles }, credits);
  const { registry } = harness.services;
  const terms = termsOf(graph);
  const quote = quoteRun(graph, {}, registry, { measured: new Map(), terms });
  expect(mayCost(graph, registry, terms)).toBe(true);
  const agreed = most === undefined ? terms : { ...terms, most };
  const run = { id: randomUUID(), graph, inputs: {}, creditsQuoted: quote.total, terms: agreed };
  await harness.store.accept(aNewRun(run));
  const setAside = credits - harness.store.available;
  const lease = await harness.store.claim(run.id, 'test', 60_000);
  const record = await harness.store.load(run.id);
  if (!lease || !record) throw new Error('The run could not be claimed.');
  await executeRun(record, lease, harness.services, new AbortController().signal);
  const ended = await harness.store.load(run.id);
  if (!ended) throw new Error('The run is gone.');
  const { run: outcome, steps } = ended;
  return {
    ...{ quote, outcome, setAside, left: harness.store.available },
    charged: Object.fromEntries(steps.map((step) => [step.node, step.credits])),
  };
}

function images(count: number, type: string): Graph {
  return aGraph()
    .node('in', 'test.list', { values: Array.from({ length: count }, (_, index) => index) })
    .node('up', type)
    .wire('in.item', 'up.item')
    .build();
}

function bundle(settings: Graph['settings']): Graph {
  return aGraph()
    .node('avatar', 'generator.avatar')
    .node('in', 'test.list', { values: [1] })
    .node('up', 'upscaler.professional')
    .node('slides', 'carousel.slides')
    .wire('in.item', 'avatar.item')
    .wire('avatar.item', 'up.item')
    .wire('up.item', 'slides.item')
    .settings(settings)
    .build();
}

describe('what a run costs, to the credit', () => {
  it('is 60 for five standard images: 20% less, as a batch', async () => {
    const { quote, outcome, left } = await play(images(5, 'upscaler.standard'), 100);
    expect([quote.total, outcome.creditsSpent, left]).toEqual([60, 60, 40]);
    expect(quote.nodes[1]).toMatchObject({ items: 5, credits: 60, saved: 15 });
  });

  it('is 191 for three billboards: 63.75 each, rounded half up on the total', async () => {
    const { quote, outcome, left } = await play(images(3, 'upscaler.billboard'), 200);
    expect([quote.total, outcome.creditsSpent, left]).toEqual([191, 191, 9]);
  });

  it('follows the choice of a param: items of one size are a batch, each size by itself', async () => {
    const sized = (target: string) =>
      aGraph()
        .node('in', 'test.list', { values: ['2k', '2k', '8k'] })
        .node('up', 'upscaler.to-size', { target })
        .wire('in.item', 'up.item')
        .build();
    expect((await play(sized('2k'), 100)).outcome.creditsSpent).toBe(36);
    const mixed = await play(sized('{{ item.value }}'), 200);
    // Nobody knows the sizes before it runs: the default is what is expected.
    expect([mixed.quote.total, mixed.outcome.creditsSpent]).toEqual([180, 99]);
  });

  it('is 70 for avatar, professional and carousel, and 65 as a bundle', async () => {
    expect((await play(bundle({}), 100)).outcome.creditsSpent).toBe(70);
    const { quote, outcome, setAside, charged } = await play(bundle({ bundle: 'set' }), 100);
    expect([quote.total, quote.bundle, setAside, outcome.creditsSpent]).toEqual([
      ...[65, { title: 'The set', credits: 5 }, 65, 65],
    ]);
    expect(charged).toEqual({ avatar: 5, in: 0, up: 35, slides: 25 });
  });

  it('gives back 60 of 65 when the upscale fails after the avatar', async () => {
    const { outcome, setAside, left } = await play(bundle({ bundle: 'set' }), 100, fails as never);
    expect([outcome.state, setAside, outcome.creditsSpent, left]).toEqual(['failed', 65, 5, 95]);
  });

  it('gives back 60 of 70 when there is no bundle', async () => {
    const { setAside, left } = await play(bundle({}), 100, fails as never);
    expect([setAside, left]).toEqual([70, 90]);
  });

  it('takes no bundle when one of its node types does not execute', () => {
    const graph = bundle({ bundle: 'set' });
    expect(termsFor(prices, new Set(['generator.avatar']), graph.settings.bundle).bundle).toBeNull();
  });

  it('rounds once, however many steps have fractions', async () => {
    const graph = aGraph().node('in', 'test.list', { values: [1, 2] });
    for (const id of ['a', 'b', 'c']) graph.node(id, 'test.fine').wire('in.item', `${id}.item`);
    const { quote, outcome, charged } = await play(graph.build(), 100);
    expect([quote.total, outcome.creditsSpent]).toEqual([5, 5]); // 3 steps of 1.5
    expect(Object.values(charged).reduce((sum, credits) => sum + credits, 0)).toBe(5);
  });

  it('names the least and no most where nobody knows how many items come', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [1] })
      .node('s', 'test.surprise')
      .node('up', 'test.fine')
      .node('one', 'upscaler.billboard')
      .wire('in.item', 's.item')
      .wire('s.item', 'up.item')
      .wire('in.item', 'one.item')
      .build();
    expect((await play(graph, 100)).quote).toMatchObject({ least: 75, total: 76, most: null });
  });
});

describe('a step that costs more than was expected', () => {
  const graph = (type: string) =>
    aGraph()
      .node('in', 'test.list', { values: [1] })
      .node('s', 'test.surprise')
      .node('up', type)
      .wire('in.item', 's.item')
      .wire('s.item', 'up.item')
      .build();

  it('has more set aside before it begins', async () => {
    const { quote, outcome, setAside, left } = await play(graph('upscaler.standard'), 60);
    expect([quote.total, setAside, outcome.state, outcome.creditsSpent, left]).toEqual([15, 15, 'succeeded', 60, 0]);
  });

  it('fails before it does anything when the wallet has too little, and costs nothing', async () => {
    const { outcome, left } = await play(graph('upscaler.standard'), 59);
    expect(outcome).toMatchObject({
      state: 'failed',
      creditsSpent: 0,
      error: { code: 'insufficient-credits', node: 'up' },
    });
    expect(outcome.error?.message).toContain('1 credits are missing');
    expect(left).toBe(59);
  });

  it('fails where somebody agreed to less, however much the wallet has, and goes on where they agreed to it', async () => {
    const { outcome, left } = await play(graph('upscaler.standard'), 1000, undefined, 59);
    expect(outcome).toMatchObject({ state: 'failed', creditsSpent: 0, error: { code: 'price-changed', node: 'up' } });
    expect(outcome.error?.message).toContain('the run would cost 60 credits, and at most 59 were agreed to');
    expect(left).toBe(1000);
    expect((await play(graph('upscaler.standard'), 1000, undefined, 60)).outcome.creditsSpent).toBe(60);
  });

  it('is refused for more items than the prices allow at once', async () => {
    const { outcome, left } = await play(graph('upscaler.billboard'), 1000);
    expect(outcome).toMatchObject({ state: 'failed', creditsSpent: 0, error: { code: 'step-refused' } });
    expect(outcome.error?.message).toContain('expected at most 3 items in one step, received 4');
    expect(left).toBe(1000);
  });
});
