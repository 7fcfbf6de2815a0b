import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { samplePng } from '@imaginarium/node-sdk/testing';
import sharp, { type Sharp } from 'sharp';
import { realModels } from '../../packages/nodes-upscaler/src/testing/test-data.ts';
import { descendants, ProcessTree } from '../process-tree.ts';
import type { BenchOptions, BenchRow } from '../row.ts';
import { networkRows } from '../upscaler/network-rows.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/imaginarium.js', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** What each tier may take for a picture of 1024 x 1024 on two cores. */
const TARGETS = [
  { tier: 'free', scale: 2, seconds: 5, mb: 300 },
  { tier: 'standard', scale: 4, seconds: 10, mb: 400 },
  { tier: 'professional', scale: 8, seconds: 60, mb: 600 },
  { tier: 'billboard', scale: 16, seconds: 100, mb: 800 },
] as const;

/** How much of the time of a billboard has to be spent in the networks. */
const LEAST_IN_NETWORK = 0.85;
/** How long a cancelled upscale may go on. */
const CANCEL_S = 1;

/** How far the time that is shown before a run may be from the one it takes, on a machine that does nothing else. */
const MOST_APART = 0.25;

/** How long an upscale takes from the command to the saved file, and what memory all its processes hold together. Needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
  const side = smoke ? 96 : 1024;
  const photo = join(folder, 'photo.png');
  await writeFile(photo, samplePng(side, side));
  const models = join(folder, 'models');
  for (const name of ['imaginarium-x2', 'imaginarium-x4']) await imaginarium(['models', 'measure', name], models);
  const rows: BenchRow[] = [];
  for (const { tier, scale, seconds, mb } of TARGETS) {
    const example = join(EXAMPLES, `upscale-${tier}.json`);
    const asked = ['execute', example, '--input', `photo=${photo}`, '--json'];
    const quote: { estimateMs: number } = JSON.parse((await imaginarium([...asked, '--dry-run'], models)).output);
    const took = await imaginarium([...asked, '--out', join(folder, tier)], models);
    const what = `${tier}, ${side} x ${side} to ${side * scale} x ${side * scale}`;
    rows.push({ name: what, value: took.seconds, unit: 's', target: `< ${seconds}`, ok: took.seconds < seconds });
    const apart = Math.abs(quote.estimateMs / longestStepMs(took.output) - 1);
    rows.push({
      ...{ name: `${what}, estimate against the step`, value: Math.round(apart * 100), unit: '%' },
      ...{ target: `< ${MOST_APART * 100}`, ok: apart < MOST_APART },
    });
    rows.push({ name: `${what}, memory`, value: took.mb, unit: 'MB', target: `< ${mb}`, ok: took.mb < mb });
    if (tier === 'billboard') {
      const share = networkMs(took.output) / longestStepMs(took.output);
      rows.push({
        ...{ name: `${what}, share in the networks`, value: Math.round(share * 100), unit: '%' },
        ...{ target: `> ${LEAST_IN_NETWORK * 100}`, ok: share > LEAST_IN_NETWORK },
      });
    }
    if (tier === 'standard' && realModels) {
      const detector = join(realModels, 'yunet_n_dynamic.onnx');
      const withDetector = join(folder, 'models-with-detector');
      await cp(models, withDetector, { recursive: true });
      await imaginarium(['models', 'import', detector], withDetector);
      const { mb: most } = await imaginarium([...asked, '--out', join(folder, 'detector')], withDetector);
      rows.push({
        name: `${what}, looking for faces, memory`,
        value: most,
        unit: 'MB',
        target: `< ${mb}`,
        ok: most < mb,
      });
    }
  }
  const cancelled = await cancelledAfter(photo, folder, models);
  rows.push({
    ...{ name: 'billboard, cancelled to all processes gone', value: cancelled, unit: 's' },
    ...{ target: `< ${CANCEL_S}`, ok: cancelled < CANCEL_S },
  });
  for (const { name, write } of PHOTOS) {
    const [width, height] = smoke ? [96, 64] : [6000, 4000];
    const path = join(folder, name);
    await write(sharp(samplePng(width, height))).toFile(path);
    const example = join(EXAMPLES, 'upscale-free.json');
    const out = join(folder, `out-${name}`);
    const took = await imaginarium(['execute', example, '--input', `photo=${path}`, '--out', out], models);
    const what = `free, ${name} of ${width} x ${height}`;
    rows.push({ name: what, value: took.seconds, unit: 's', target: null, ok: true });
    rows.push({
      name: `${what}, memory`,
      value: took.mb,
      unit: 'MB',
      target: `< ${TARGETS[0].mb}`,
      ok: took.mb < TARGETS[0].mb,
    });
  }
  await rm(folder, { recursive: true, force: true });
  return [...rows, ...(await networkRows(smoke))];
}

/** Seconds from Ctrl+C in the middle of a billboard to the end of all its processes: their memory goes with them. */
async function cancelledAfter(photo: string, folder: string, models: string): Promise<number> {
  const args = ['execute', join(EXAMPLES, 'upscale-billboard.json'), '--input', `photo=${photo}`, '--json'];
  const child = spawn(process.execPath, [BIN, ...args, '--out', join(folder, 'cancelled')], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', IMAGINARIUM_MODELS_DIR: models },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for await (const text of child.stdout) if (/tile [1-9]/.test(String(text))) break;
  const pids = await descendants(child.pid ?? 0);
  const began = performance.now();
  child.kill('SIGINT');
  await ended;
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) await wait(10);
  return Math.round(performance.now() - began) / 1000;
}

/** Photos as cameras make them, of 24 million pixels: memory must not grow with them. */
const PHOTOS: readonly { name: string; write: (image: Sharp) => Sharp }[] = [
  { name: 'photo.jpg', write: (image) => image.jpeg({ quality: 92 }) },
  {
    name: 'deep-alpha.png',
    write: (image) => image.toColourspace('rgb16').ensureAlpha(0.5).png({ compressionLevel: 1 }),
  },
];

/** Runs the command line to its end. */
async function imaginarium(
  args: readonly string[],
  models: string,
): Promise<{ output: string; seconds: number; mb: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', IMAGINARIUM_MODELS_DIR: models },
  });
  const tree = new ProcessTree(child.pid ?? 0);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const mb = tree.stop();
  if (code !== 0) throw new Error(`imaginarium ${args[0]} ended with ${code}: ${errors}`);
  return { output, seconds: Math.round((performance.now() - began) / 100) / 10, mb };
}

/** Milliseconds that the passes of an upscale spent in their networks, as the log says. */
function networkMs(output: string): number {
  return [...output.matchAll(/([\d.]+) s of it in the network/g)].reduce((sum, [, s]) => sum + Number(s) * 1000, 0);
}

/** Milliseconds of the step that took longest, by the events that were printed. */
function longestStepMs(output: string): number {
  return Math.max(...output.split('\n').map((line) => Number(/"durationMs":(\d+)/.exec(line)?.[1] ?? 0)));
}
