import { createClient } from '@imaginarium/client';
import { BaselineProcess } from '../baseline-process.ts';
import { type Load, postLoad } from '../http-load.ts';
import type { BenchOptions, BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { openWebhook, setFieldsNodes, webhookChain } from '../webhooks.ts';

const AT_ONCE = 50;
const DELIVERY = { product: 'Blue mug' };

/**
 * What a durable run costs, through a real server: a webhook, ten nodes that set a field, and the answer of Respond. Beside it the least
 * that a durable webhook costs on this machine, measured in the same turn. Needs a build.
 */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < (smoke ? 1 : 3); turn++) turns.push(await measure(smoke ? 500 : 4000));
  const middle = (value: (turn: Turn) => number) => quantile(turns.map(value), 0.5);
  const perSecond = middle((turn) => turn.many.perSecond);
  const floor = middle((turn) => turn.floor.perSecond);
  const p95 = middle((turn) => quantile(turn.many.latencies, 0.95));
  const alone = middle((turn) => quantile(turn.alone.latencies, 0.5));
  const failed = turns.reduce((sum, turn) => sum + turn.many.failed + turn.alone.failed, 0);
  const what = 'webhook, 10 set-fields nodes, respond';
  return [
    row(`${what}, ${AT_ONCE} at once`, perSecond, 'runs/s', '> 3000', perSecond > 3000),
    row(`${what}, ${AT_ONCE} at once, p95`, p95, 'ms', '< 40', p95 < 40),
    row(`${what}, one at a time, median`, alone, 'ms', '< 2', alone < 2),
    row('the least a durable webhook costs here', floor, 'requests/s', null, true),
    row('share of the least', perSecond / floor, 'x', null, true),
    row('processor time of the server for a run', 1000 * middle((turn) => turn.cpuMs), 'µs', null, true),
    row('written to disk for a run', middle((turn) => turn.writtenBytes) / 1000, 'kB', null, true),
    row('answers that were no success', failed, 'answers', 0, failed === 0),
  ];
}

interface Turn {
  many: Load;
  alone: Load;
  floor: Load;
  /** For each run at {@link AT_ONCE}. */
  cpuMs: number;
  writtenBytes: number;
}

async function measure(forMs: number): Promise<Turn> {
  const floor = await measureFloor(forMs);
  await using server = await ServerProcess.start({ NODE_ENV: 'production' });
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  const url = await openWebhook(client, server.address, webhookChain(setFieldsNodes(10)));
  await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 2 }); // Warm-up.
  const before = await server.used();
  const many = await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs });
  const after = await server.used();
  const alone = await postLoad({ url, body: DELIVERY, atOnce: 1, forMs: forMs / 2 });
  const runs = many.latencies.length;
  return {
    ...{ many, alone, floor },
    cpuMs: (after.cpuMs - before.cpuMs) / runs,
    writtenBytes: (after.writtenBytes - before.writtenBytes) / runs,
  };
}

async function measureFloor(forMs: number): Promise<Load> {
  await using baseline = await BaselineProcess.start();
  await postLoad({ url: baseline.url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 4 });
  // Awaited here: the server is gone once this function returns.
  return await postLoad({ url: baseline.url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 2 });
}

function row(name: string, value: number, unit: string, target: BenchRow['target'], ok: boolean): BenchRow {
  return { name, value, unit, target, ok };
}
