import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions, BenchRow } from '../row.ts';

const BIN = new URL('../../packages/cli/bin/imaginarium.js', import.meta.url).pathname;

interface Started {
  readyMs: number;
  firstAnswerMs: number;
  idleMb: number;
}

/** How soon `imaginarium start` is ready with all packages and a new data folder, and what it holds while it idles. Needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const rounds: Started[] = [];
  for (let round = 0; round < (smoke ? 1 : 3); round++) rounds.push(await start(smoke ? 500 : 3000));
  const readyMs = median(rounds.map((round) => round.readyMs));
  const idleMb = median(rounds.map((round) => round.idleMb));
  return [
    { name: 'start to ready, new data folder', value: readyMs, unit: 'ms', target: '< 1500', ok: readyMs < 1500 },
    {
      name: 'start to first answer',
      value: median(rounds.map((round) => round.firstAnswerMs)),
      unit: 'ms',
      target: null,
      ok: true,
    },
    { name: 'idle memory of the process', value: idleMb, unit: 'MB', target: '< 200', ok: idleMb < 200 },
  ];
}

async function start(idleMs: number): Promise<Started> {
  const data = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
  const began = performance.now();
  const child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (text) => {
        output += String(text);
        const ready = /ready\S* at \S*?(http:\/\/[\d.:]+)/.exec(output);
        if (ready?.[1]) resolve(ready[1]);
      });
      child.once('exit', (code) => reject(new Error(`imaginarium start ended with ${code}: ${output}`)));
    });
    const readyMs = Math.round(performance.now() - began);
    await fetch(`${address}/readyz`);
    const firstAnswerMs = Math.round(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    return { readyMs, firstAnswerMs, idleMb: await residentMb(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
    await rm(data, { recursive: true, force: true });
  }
}

async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
