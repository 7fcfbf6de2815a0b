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

/** What credits cost in throughput: the workload that engines are compared by, with and without a price on one of its steps, in turns. */
export async function paidRunRows(smoke: boolean): Promise<BenchRow[]> {
  const turns: Record<Way, number>[] = [];
  for (let turn = 0; turn < (smoke ? 1 : 3); turn++) {
    const [free, counted, paid] = [
      await measure('free', smoke),
      await measure('counted', smoke),
      await measure('paid', smoke),
    ];
    turns.push({ free, counted, paid });
  }
  const share = (of: Way, among: Way) =>
    quantile(
      turns.map((turn) => turn[of] / turn[among]),
      0.5,
    );
  const metered = share('paid', 'counted');
  const all = share('paid', 'free');
  return [
    benchRow(
      'runs with one step that a wallet pays, at once',
      quantile(
        turns.map(({ paid }) => paid),
        0.5,
      ),
      'runs/s',
    ),
    benchRow('paid by a wallet for each where credits are not limited', metered, 'x', '> 0.85', metered > 0.85),
    benchRow('paid by a wallet for each that costs nothing', all, 'x', '> 0.85', all > 0.85),
  ];
}

/** @returns runs in a second. */
async function measure(way: Way, smoke: boolean): Promise<number> {
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
  const { perSecond, failed } = await postLoad({ url, body: DELIVERY, atOnce: AT_ONCE, forMs });
  if (failed > 0) throw new Error(`${failed} of the runs that are ${way} failed.`);
  return perSecond;
}
