import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { ProcessTree } from '../process-tree.ts';
import type { BenchOptions, BenchRow } from '../row.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/imaginarium.js', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** What each tier may take for a picture of 1024 x 1024 on two cores. */
const TARGETS = [
  { tier: 'free', scale: 2, seconds: 5, mb: 300 },
  { tier: 'standard', scale: 4, seconds: 10, mb: 400 },
  { tier: 'professional', scale: 8, seconds: 60, mb: 600 },
  { tier: 'billboard', scale: 16, seconds: 100, mb: 800 },
] as const;

/** How long an upscale takes from the command to the saved file, and what memory all its processes hold together. Needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
  const side = smoke ? 96 : 1024;
  const photo = join(folder, 'photo.png');
  await writeFile(photo, samplePng(side, side));
  const rows: BenchRow[] = [];
  for (const { tier, scale, seconds, mb } of TARGETS) {
    const took = await execute(tier, photo, join(folder, tier));
    const what = `${tier}, ${side} x ${side} to ${side * scale} x ${side * scale}`;
    rows.push({ name: what, value: took.seconds, unit: 's', target: `< ${seconds}`, ok: took.seconds < seconds });
    rows.push({ name: `${what}, memory`, value: took.mb, unit: 'MB', target: `< ${mb}`, ok: took.mb < mb });
  }
  await rm(folder, { recursive: true, force: true });
  return rows;
}

async function execute(tier: string, photo: string, out: string): Promise<{ seconds: number; mb: number }> {
  const began = performance.now();
  const example = join(EXAMPLES, `upscale-${tier}.json`);
  const child = spawn(process.execPath, [BIN, 'execute', example, '--input', `photo=${photo}`, '--out', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '' },
  });
  const tree = new ProcessTree(child.pid ?? 0);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const mb = tree.stop();
  if (code !== 0) throw new Error(`imaginarium execute ended with ${code}: ${errors}`);
  return { seconds: Math.round((performance.now() - began) / 100) / 10, mb };
}
