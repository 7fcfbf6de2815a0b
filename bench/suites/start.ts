import type { BenchOptions, BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';

interface Started {
  readyMs: number;
  idleMb: number;
}

/** How soon `imaginarium start` is ready with all packages and a new data folder, and what it holds while it idles. Needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const rounds: Started[] = [];
  for (let round = 0; round < (smoke ? 1 : 3); round++) rounds.push(await start(smoke ? 500 : 3000));
  const readyMs = quantile(
    rounds.map((round) => round.readyMs),
    0.5,
  );
  const idleMb = quantile(
    rounds.map((round) => round.idleMb),
    0.5,
  );
  return [
    { name: 'start to ready, new data folder', value: readyMs, unit: 'ms', target: '< 1500', ok: readyMs < 1500 },
    { name: 'idle memory of the process', value: idleMb, unit: 'MB', target: '< 200', ok: idleMb < 200 },
  ];
}

async function start(idleMs: number): Promise<Started> {
  await using server = await ServerProcess.start();
  const answer = await fetch(`${server.address}/readyz`);
  if (!answer.ok) throw new Error(`ready, and /readyz answers ${answer.status}`);
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  return { readyMs: server.readyMs, idleMb: await server.residentMb() };
}
