import type { Quote } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { aFile } from '../adapters/typeorm/testing/world.ts';
import { closeTestApps, strangerOf } from '../testing/test-app.ts';
import { upscaleWorld } from './testing/upscale-world.ts';

afterEach(closeTestApps);

describe('a batch', () => {
  test('is one run, with a version for each picture that can be had', async () => {
    const { upload, batch, call } = await upscaleWorld();
    const items = [
      { fileId: await upload('a'), sourceApp: 'shop', sourceId: '1' },
      { fileId: 'b'.repeat(64) },
      { fileId: await upload('c'), name: 'See' },
    ];
    const answer = await batch({ items, tier: 'standard' }, 'key');
    expect([answer.status, answer.headers.location]).toEqual([202, answer.body.statusUrl]);
    const [first, second, third] = answer.body.items;
    expect([first.upscale.asset.sourceId, third.upscale.asset.name]).toEqual(['1', 'See']);
    expect([second.upscale, second.error.code]).toEqual([null, 'not-found']);
    expect([answer.body.estimate.credits, first.upscale.estimate.credits]).toEqual([30, 15]);
    const { body: run } = await call('getRun', { params: { id: answer.body.id } });
    expect(run.inputs.photo).toHaveLength(2);
    expect(run.graph.nodes[1].policy).toEqual({ onError: 'skip-item' });
    const stands = (await call('getUpscaleBatch', { params: { id: run.id } })).body;
    expect(stands.upscales).toEqual([first.upscale, third.upscale]);
    const repeated = (await batch({ items, tier: 'standard' }, 'key')).body;
    expect(repeated.items.map(({ upscale }: { upscale: object }) => upscale)).toEqual([
      first.upscale,
      null,
      third.upscale,
    ]);
    expect(repeated.items[1].error.message).toContain('refused when the request first came');
  });

  test('is quoted whole in each tier before it is asked for, with what would be left out and what a tier cannot do', async () => {
    const { upload, call, deps, ...app } = await upscaleWorld({
      config: { credits: { mode: 'metered', startGrant: 100 } },
    });
    const assetOf = async (name: string) =>
      (await call('registerAsset', { body: { fileId: await upload(name) } })).body.id as string;
    const { assets } = deps.openWorkspace((await call('getSession')).body.workspace.id);
    const large = { ...aFile('large'), id: await upload('large'), width: 6000, height: 4000 };
    const { id: largeId } = await assets.register({ original: large, name: 'Large' });
    const [one, two] = [await assetOf('a'), await assetOf('b')];
    const assetIds = [one, '0193f000-0000-7000-8000-000000000001', largeId, two];
    const quote = (body: object) => call('quoteUpscaleBatch', { body });
    type Told = { tier: string; quote: Quote | null; error: object | null; refused: { item: number; error: object }[] };
    const told = ({ tier, quote, error, refused }: Told) => [
      ...[tier, quote?.total, error],
      refused.map(({ item }) => item),
    ];
    expect((await quote({ assetIds })).body.quotes.map(told)).toEqual([
      ['free', 0, null, [1]],
      ['standard', 30, null, [1, 2]],
      ['professional', 70, null, [1, 2]],
      ['billboard', 128, null, [1, 2]],
    ]);
    const many = (await quote({ assetIds: Array.from({ length: 4 }, () => one) })).body.quotes;
    expect(many[3]).toMatchObject({ tier: 'billboard', quote: null, error: { code: 'batch-too-large' } });
    const tooLarge = (await quote({ assetIds: [largeId] })).body.quotes;
    expect(tooLarge[3]).toMatchObject({ quote: null, error: { code: 'input-invalid' }, refused: [{ item: 0 }] });
    expect((await call('listRuns')).body.runs).toEqual([]);
    expect(await app.database.read(({ sql }) => sql`SELECT id FROM workflow`)).toEqual([]);
    const stranger = await (await strangerOf(app)).call('quoteUpscaleBatch', { body: { assetIds } });
    expect([stranger.status, stranger.body.error.code]).toEqual([404, 'not-found']);
  });

  test('is refused above the limit of its tier, with numbers, and where none of its pictures can be had', async () => {
    const { upload, batch, countAssets } = await upscaleWorld();
    const fileId = await upload('a');
    const large = await batch({ items: Array.from({ length: 4 }, () => ({ fileId })), tier: 'billboard' });
    expect([large.status, large.body.error.code]).toEqual([422, 'batch-too-large']);
    expect(large.body.error.details).toMatchObject({ limit: 3, items: 4 });
    const lost = await batch({ items: [{ fileId: 'b'.repeat(64) }], tier: 'free' });
    expect([lost.status, lost.body.error.code]).toEqual([404, 'not-found']);
    expect(await countAssets()).toBe(0);
  });
});
