import { createClient } from '@imaginarium/client';
import type { BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { BaselineProcess } from './baseline-process.ts';
import { type Load, postLoad } from './http-load.ts';
import { benchRow } from './row-of.ts';
import { openWebhook, setFieldsNodes, webhookChain } from './webhooks.ts';

const AT_ONCE = 50;
const DELIVERY = { product: 'Blue mug' };
const WHAT = 'webhook, 10 set-fields nodes, respond';

/** The workload that engines are compared by, every run stored durably, and beside it the least that a durable webhook costs. */
export async function storedRunRows(smoke: boolean): Promise<BenchRow[]> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < (smoke ? 1 : 3); turn++) turns.push(await measure(smoke ? 500 : 4000));
  const middle = (value: (turn: Turn) => number) => quantile(turns.map(value), 0.5);
  const perSecond = middle((turn) => turn.many.perSecond);
  const floor = middle((turn) => turn.floor.perSecond);
  const p95 = middle((turn) => quantile(turn.many.latencies, 0.95));
  const alone = middle((turn) => quantile(turn.alone.latencies, 0.5));
  const failed = turns.reduce((sum, turn) => sum + turn.many.failed + turn.alone.failed, 0);
  return [
    benchRow(`${WHAT}, ${AT_ONCE} at once`, perSecond, 'runs/s', '> 3000', perSecond > 3000),
    benchRow(`${WHAT}, ${AT_ONCE} at once, p95`, p95, 'ms', '< 40', p95 < 40),
    benchRow(`${WHAT}, one at a time, median`, alone, 'ms', '< 2', alone < 2),
    benchRow('the least: a webhook that stores one row', floor, 'requests/s'),
    benchRow(
      'the least, one at a time, median',
      middle((turn) => quantile(turn.floorAlone.latencies, 0.5)),
      'ms',
    ),
    benchRow('runs for each of the least', perSecond / floor, 'x'),
    benchRow('processor time of the server for a run', 1000 * middle((turn) => turn.cpuMs), 'µs'),
    benchRow('processor time of the least for a request', 1000 * middle((turn) => turn.floorCpuMs), 'µs'),
    benchRow('written to disk for a run', middle((turn) => turn.writtenBytes) / 1000, 'kB'),
    benchRow('answers that were no success', failed, 'answers', 0, failed === 0),
  ];
}

interface Turn {
  many: Load;
  alone: Load;
  floor: Load;
  floorAlone: Load;
  /** For each run at {@link AT_ONCE}. */
  cpuMs: number;
  floorCpuMs: number;
  writtenBytes: number;
}

async function measure(forMs: number): Promise<Turn> {
  const floor = await measureFloor(forMs);
  await using server = await ServerProcess.start();
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  const url = await openWebhook(client, server.address, webhookChain(setFieldsNodes(10)));
  await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 2 }); // Warm-up.
  const before = await server.used();
  const many = await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs });
  const after = await server.used();
  const alone = await postLoad({ url, body: DELIVERY, atOnce: 1, forMs: forMs / 2 });
  const runs = many.latencies.length;
  return {
    ...{ many, alone, ...floor },
    cpuMs: (after.cpuMs - before.cpuMs) / runs,
    writtenBytes: (after.writtenBytes - before.writtenBytes) / runs,
  };
}

async function measureFloor(forMs: number): Promise<Pick<Turn, 'floor' | 'floorAlone' | 'floorCpuMs'>> {
  await using baseline = await BaselineProcess.start();
  const { url } = baseline;
  await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 4 });
  const before = await baseline.used();
  const floor = await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 2 });
  const after = await baseline.used();
  const floorAlone = await postLoad({ url, body: DELIVERY, atOnce: 1, forMs: forMs / 4 });
  return { floor, floorAlone, floorCpuMs: (after.cpuMs - before.cpuMs) / floor.latencies.length };
}
