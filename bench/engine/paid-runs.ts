import { createClient } from '@imaginarium/client';
import type { BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { postLoad } from './http-load.ts';
import { benchRow } from './row-of.ts';
import { openWebhook, setFieldsNodes, webhookChain } from './webhooks.ts';

const AT_ONCE = 50;
const DELIVERY = { product: 'Blue mug' };
const WALLET = { IMAGINARIUM_CREDITS: 'metered', IMAGINARIUM_START_CREDITS: '1000000000' };

/** How a server charges: nothing at all, one step of each run that is only counted, or one that the wallet pays. */
const WAYS = {
  free: { settings: {}, price: 0 },
  counted: { settings: {}, price: 1 },
  paid: { settings: WALLET, price: 1 },
} as const;
type Way = keyof typeof WAYS;

interface Measured {
  perSecond: number;
  /** Processor time of the server for a run: it hardly depends on what else the machine does. */
  cpuMs: number;
}

/** What credits cost in throughput: the workload that engines are compared by, with and without a price on one of its steps, in turns. */
export async function paidRunRows(smoke: boolean): Promise<BenchRow[]> {
  const turns: Record<Way, Measured>[] = [];
  for (let turn = 0; turn < (smoke ? 1 : 3); turn++) {
    const free = await measure('free', smoke);
    const counted = await measure('counted', smoke);
    turns.push({ free, counted, paid: await measure('paid', smoke) });
  }
  const middle = (value: (turn: Record<Way, Measured>) => number) => quantile(turns.map(value), 0.5);
  const metered = middle(({ paid, counted }) => paid.perSecond / counted.perSecond);
  return [
    benchRow(
      'runs with one step that a wallet pays, 50 at once',
      middle(({ paid }) => paid.perSecond),
      'runs/s',
    ),
    benchRow('paid by a wallet for each where credits are not limited', metered, 'x', '> 0.85', metered > 0.85),
    benchRow(
      'paid by a wallet for each that costs nothing',
      middle(({ paid, free }) => paid.perSecond / free.perSecond),
      'x',
    ),
    benchRow(
      'processor time of one that a wallet pays, for that of one where credits are not limited',
      middle(({ paid, counted }) => paid.cpuMs / counted.cpuMs),
      'x',
    ),
    benchRow(
      'processor time of one that a wallet pays, for that of one that costs nothing',
      middle(({ paid, free }) => paid.cpuMs / free.cpuMs),
      'x',
    ),
  ];
}

async function measure(way: Way, smoke: boolean): Promise<Measured> {
  const { settings, price } = WAYS[way];
  await using server = await ServerProcess.start(settings);
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  if (price > 0) {
    const rules = [{ type: 'flow.respond', credits: price, per: 'item' as const }];
    const { version, bundles, currency } = await client.call('getPrices');
    await client.call('savePrices', { body: { after: version, prices: { rules, bundles, currency } } });
  }
  const url = await openWebhook(client, server.address, webhookChain(setFieldsNodes(10)));
  const forMs = smoke ? 500 : 4000;
  await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs: forMs / 2 }); // Warm-up.
  const before = await server.used();
  const { perSecond, failed, latencies } = await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs });
  const after = await server.used();
  if (failed > 0) throw new Error(`${failed} of the runs that are ${way} failed.`);
  return { perSecond, cpuMs: (after.cpuMs - before.cpuMs) / latencies.length };
}
