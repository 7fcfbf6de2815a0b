import { createClient } from '@imaginarium/client';
import type { Graph } from '@imaginarium/protocol';
import type { BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { postLoad } from './http-load.ts';
import { benchRow } from './row-of.ts';
import { type ChainNode, openWebhook, setFieldsNodes, webhookChain } from './webhooks.ts';

const ADD_ONE = 'return { n: (item.n ?? 0) + 1 };';
const SUM = 'let sum = 0; for (let n = 1; n <= 1000; n++) sum += n; return { sum };';
const MANY = 'return Array.from({ length: COUNT }, (_, n) => ({ n }));';
const SPLIT: ChainNode = ['flow.split', { source: 'field', field: 'rows' }];

/** Code nodes, long chains and many items, each through a webhook that answers at the end, every run stored durably. */
export async function workloadRows(smoke: boolean): Promise<BenchRow[]> {
  await using server = await ServerProcess.start();
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  const open = (graph: Graph) => openWebhook(client, server.address, graph);
  const median = async (graph: Graph, body: object = {}) => {
    const url = await open(graph);
    const ask = (forMs: number) => postLoad({ url, body, atOnce: 1, forMs });
    await ask(smoke ? 50 : 1000);
    const { latencies, failed } = await ask(smoke ? 50 : 3000);
    if (failed > 0) throw new Error(`${failed} answers were no success`);
    return quantile(latencies, 0.5);
  };

  const inSequence = await median(webhookChain(code(40, ADD_ONE)));
  const summing = await open(webhookChain([SPLIT, ...code(1, SUM)]));
  const rows = numbers(100);
  await postLoad({ url: summing, body: { rows }, atOnce: 10, forMs: smoke ? 100 : 1500 });
  const sums = await postLoad({ url: summing, body: { rows }, atOnce: 10, forMs: smoke ? 200 : 4000 });
  const chains: number[] = [];
  for (const nodes of [10, 100, 1000]) chains.push(await median(webhookChain(setFieldsNodes(nodes - 2))));
  const [ten = 0, hundred = 0, thousand = 0] = chains;
  const growth = thousand / hundred;
  return [
    benchRow('40 light JavaScript nodes in sequence, one run', inSequence, 'ms', '< 150', inSequence < 150),
    benchRow(
      ...(['code node summing 1..1000 for each of 100 items, 10 at once', sums.perSecond, 'runs/s'] as const),
      ...(['> 300', sums.perSecond > 300] as const),
    ),
    benchRow('chain of 10 nodes, one run', ten, 'ms'),
    benchRow('chain of 100 nodes, one run', hundred, 'ms'),
    benchRow('chain of 1,000 nodes, one run', thousand, 'ms', '< 100', thousand < 100),
    benchRow('1,000 nodes for each 100 nodes', growth, 'x', '< 12', growth < 12),
    ...(await itemRows(smoke)),
  ];
}

/** In a server of its own, because what it holds at most is measured too. */
async function itemRows(smoke: boolean): Promise<BenchRow[]> {
  await using server = await ServerProcess.start();
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  const source: ChainNode = ['code.javascript', { mode: 'all', code: MANY.replace('COUNT', smoke ? '1000' : '10000') }];
  const url = await openWebhook(client, server.address, webhookChain([source, ...setFieldsNodes(10)], 'end'));
  const body = {};
  await postLoad({ url, body, atOnce: 1, forMs: smoke ? 50 : 2000 });
  const { latencies } = await postLoad({ url, body, atOnce: 1, forMs: smoke ? 50 : 5000 });
  const [took, peak] = [quantile(latencies, 0.5) / 1000, await server.peakMb()];
  const what = `${smoke ? '1,000' : '10,000'} items through 10 set-fields nodes, answer included`;
  return [
    benchRow(what, took, 's', '< 0.4', took < 0.4),
    benchRow(`${what}, most memory of the server`, peak, 'MB', '< 400', peak < 400),
  ];
}

function code(count: number, source: string): ChainNode[] {
  return Array.from({ length: count }, () => ['code.javascript', { code: source }]);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
