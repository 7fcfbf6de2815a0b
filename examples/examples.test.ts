import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPackages, NodeRegistry } from '@imaginarium/engine';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { type Graph, type JsonObject, parseGraph, validateGraph } from '@imaginarium/protocol';
import { OneTimeEngine } from '@imaginarium/server/one-time-engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { starterWorkflow } from '../packages/server/src/workflows/starter-workflow.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const packages = ['nodes-base', 'nodes-upscaler'].map((name) => ({
  folder: join(here, '../packages', name),
  entry: './src/index.ts',
}));
const registry = new NodeRegistry();
let folder = '';

beforeAll(async () => {
  await loadPackages(
    registry,
    packages.map((entry) => entry.folder),
    () => './src/index.ts',
  );
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-examples-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function readExample(name: string): Promise<Graph> {
  const parsed = parseGraph(JSON.parse(await readFile(join(here, name), 'utf8')));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.graph;
}

/** A picture on disk, of a size that has to be cut and enlarged. */
async function takePhoto(name: string, width = 320): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, samplePng(width, width * 0.75));
  return path;
}

/** Executes an example with photos for its input of files, and gives the paths saved and the files that nodes gave. */
async function execute(
  name: string,
  {
    inputs = {},
    photos = {},
    skipped = [],
  }: { inputs?: JsonObject; photos?: Record<string, string[]>; skipped?: string[] },
) {
  const out = await mkdtemp(join(folder, 'out-'));
  using engine = new OneTimeEngine({
    ...{ registry, packages, workFolder: await mkdtemp(join(folder, 'work-')), outFolder: out },
    ...{ modelsFolder: join(folder, 'no-models'), pixelLimit: 100e6, maxBytes: 100e6 },
    ...{ mediaConcurrency: 1, mediaMemoryMb: 2000, codeConcurrency: 1, codeTimeoutMs: 2000, codeMemoryMb: 64 },
  });
  const files: JsonObject = {};
  for (const [key, paths] of Object.entries(photos)) {
    const refs: JsonObject[] = [];
    for (const path of paths) refs.push({ ...(await engine.addFile(path)) });
    files[key] = refs;
  }
  const graph = await readExample(name);
  const workflow = { name: name.replace('.json', ''), graph };
  const { run, steps } = await engine.execute(
    workflow,
    { ...inputs, ...files },
    () => undefined,
    new AbortController().signal,
  );
  expect(run).toMatchObject({ state: 'succeeded', error: null });
  expect(steps.filter((step) => step.state !== 'succeeded').map((step) => [step.node, step.state])).toEqual(
    skipped.map((node) => [node, 'skipped']),
  );
  const saved = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = saved.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const given = (node: string) =>
    Object.values(steps.find((step) => step.node === node)?.outputs ?? {}).flatMap((items) =>
      items.flatMap((item) => item.file ?? []),
    );
  return { out, paths: paths.sort(), steps, given };
}

test('every example is a graph whose only problem is a photo that nobody gave yet', async () => {
  const names = (await readdir(here)).filter((name) => name.endsWith('.json'));
  expect(names.sort()).toEqual([
    'pattern-to-carousel.json',
    'photo-to-carousel.json',
    'photos-by-size.json',
    'product-cards.json',
    'sets-of-slides.json',
    'upscale-billboard.json',
    'upscale-free.json',
    'upscale-professional.json',
    'upscale-standard.json',
  ]);
  for (const name of names) {
    const graph = await readExample(name);
    const bound = new Set(graph.inputs.flatMap(({ to }) => to.map(({ node, param }) => `${node}.${param}`)));
    const problems = validateGraph(graph, registry);
    expect(
      problems.filter(({ code, node, path }) => code !== 'missing-param' || !bound.has(`${node}.${path}`)),
    ).toEqual([]);
  }
});

test('photo to carousel is the workflow that a new owner finds', async () => {
  expect(await readExample('photo-to-carousel.json')).toEqual(starterWorkflow.graph);
});

test('photo to carousel makes a slide of a photo', { timeout: 60_000 }, async () => {
  const { paths, given } = await execute('photo-to-carousel.json', { photos: { photo: [await takePhoto('me.png')] } });
  expect(paths).toHaveLength(1);
  expect(given('upscale')).toMatchObject([{ width: 640, height: 480, mime: 'image/png' }]);
  expect(given('save')).toMatchObject([{ width: 1080, height: 1350, mime: 'image/jpeg' }]);
});

test.each([
  ['free', 2, 'image/png'],
  ['standard', 4, 'image/png'],
  ['professional', 8, 'image/png'],
  ['billboard', 16, 'image/jpeg'],
])('upscale %s makes a photo %i times as wide and high', { timeout: 60_000 }, async (tier, scale, mime) => {
  const { paths, given } = await execute(`upscale-${tier}.json`, {
    photos: { photo: [await takePhoto('me.png', 48)] },
  });
  expect(paths).toHaveLength(1);
  expect(given('save')).toMatchObject([{ width: 48 * scale, height: 36 * scale, mime }]);
});

test('pattern to carousel needs no photo', { timeout: 60_000 }, async () => {
  const { paths } = await execute('pattern-to-carousel.json', { inputs: { count: 2, style: 'waves' } });
  expect(paths.map((path) => path.split('/').at(-1))).toEqual(['slide-01.jpg', 'slide-02.jpg']);
});

test('sets of slides makes a carousel of every three pictures, each in a folder of its own', {
  timeout: 60_000,
}, async () => {
  const { out, paths } = await execute('sets-of-slides.json', { inputs: { count: 5 } });
  const saved = paths.map((path) => path.slice(out.length).split('/').slice(1, 3).join('/'));
  expect(saved).toEqual([
    ...Array.from({ length: 3 }, () => 'sets-of-slides/set-0'),
    ...Array.from({ length: 2 }, () => 'sets-of-slides/set-1'),
  ]);
});

test('product cards carry the title and price of the row that has the name of the photo', {
  timeout: 60_000,
}, async () => {
  const photos = [await takePhoto('teapot.png'), await takePhoto('blue-mug.png')];
  const { out, paths, steps, given } = await execute('product-cards.json', { photos: { photos } });
  expect(paths.map((path) => path.slice(out.length))).toEqual([
    '/product-cards/blue-mug.webp',
    '/product-cards/teapot.webp',
  ]);
  const cards = steps.find((step) => step.node === 'cards')?.outputs.slide ?? [];
  expect(cards.map((item) => item.fields.label)).toEqual(['Teapot\n39 €', 'Blue mug\n12 €']);
  expect(given('save')).toMatchObject([
    { width: 1080, height: 1080, mime: 'image/webp' },
    { width: 1080, height: 1080, mime: 'image/webp' },
  ]);
});

test('photos by size puts large photos in one folder and small ones in another, each in its size', {
  timeout: 60_000,
}, async () => {
  const photos = [await takePhoto('phone.png', 1000), await takePhoto('camera.png', 1400), await takePhoto('icon.png')];
  const { out, paths, given } = await execute('photos-by-size.json', { photos: { photos } });
  expect(paths.map((path) => path.slice(out.length))).toEqual([
    '/photos-by-size/print/camera.png',
    '/photos-by-size/web/icon.png',
    '/photos-by-size/web/phone.png',
  ]);
  expect(given('save')).toMatchObject([{ width: 1400 }, { width: 600, height: 450 }, { width: 320 }]);
  const moved = await execute('photos-by-size.json', {
    photos: { photos },
    inputs: { from: '320' },
    skipped: ['small', 'to-small'],
  });
  expect(moved.given('save')).toHaveLength(3);
});

test('the table of product cards is the one that lies beside it', async () => {
  const graph = await readExample('product-cards.json');
  const table = await readFile(join(here, 'products.csv'), 'utf8');
  expect(graph.nodes.find((node) => node.id === 'products')?.params.text).toBe(table);
});
