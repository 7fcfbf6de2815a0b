import { createClient } from '@imaginarium/client';
import { postLoad } from '../engine/http-load.ts';
import { benchRow } from '../engine/row-of.ts';
import { openWebhook, setFieldsNodes, webhookChain } from '../engine/webhooks.ts';
import type { BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';

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

/**
 * What credits cost in throughput: the workload that engines are compared by, with and without a price on one of its steps. The servers take
 * short turns, so that what else the machine does meets all of them.
 */
export async function paidRunRows(smoke: boolean): Promise<BenchRow[]> {
  await using free = await OpenServer.start('free');
  await using counted = await OpenServer.start('counted');
  await using paid = await OpenServer.start('paid');
  const forMs = smoke ? 300 : 1500;
  const turns: Record<Way, Measured>[] = [];
  for (let turn = 0; turn < (smoke ? 1 : 9); turn++) {
    const measured = {
      free: await free.measure(forMs),
      counted: await counted.measure(forMs),
      paid: await paid.measure(forMs),
    };
    // The first turn warms up.
    if (turn > 0 || smoke) turns.push(measured);
  }
  const middle = (value: (turn: Record<Way, Measured>) => number) => quantile(turns.map(value), 0.5);
  const throughput = middle((turn) => turn.paid.perSecond / turn.free.perSecond);
  return [
    benchRow(
      'runs with one step that a wallet pays, 50 at once',
      middle((turn) => turn.paid.perSecond),
      'runs/s',
    ),
    benchRow('paid by a wallet for each that costs nothing', throughput, 'x', '> 0.85', throughput > 0.85),
    benchRow(
      'paid by a wallet for each where credits are not limited',
      middle((turn) => turn.paid.perSecond / turn.counted.perSecond),
      'x',
    ),
    benchRow(
      'processor time of one that costs nothing',
      middle((turn) => turn.free.cpuMs),
      'ms',
    ),
    benchRow(
      'processor time of one that a wallet pays, for that of one that costs nothing',
      middle((turn) => turn.paid.cpuMs / turn.free.cpuMs),
      'x',
    ),
  ];
}

/** A server with a webhook whose last step has a price, or none. */
class OpenServer implements AsyncDisposable {
  readonly #server: ServerProcess;
  readonly #url: string;

  private constructor(server: ServerProcess, url: string) {
    this.#server = server;
    this.#url = url;
  }

  static async start(way: Way): Promise<OpenServer> {
    const { settings, price } = WAYS[way];
    const server = await ServerProcess.start(settings);
    const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
    if (price > 0) {
      const rules = [{ type: 'flow.respond', credits: price, per: 'item' as const }];
      const { version, bundles, currency } = await client.call('getPrices');
      await client.call('savePrices', { body: { after: version, prices: { rules, bundles, currency } } });
    }
    return new OpenServer(server, await openWebhook(client, server.address, webhookChain(setFieldsNodes(10))));
  }

  async measure(forMs: number): Promise<Measured> {
    const before = await this.#server.used();
    const { perSecond, failed, latencies } = await postLoad({
      url: this.#url,
      body: DELIVERY,
      atOnce: AT_ONCE,
      forMs,
    });
    const after = await this.#server.used();
    if (failed > 0) throw new Error(`${failed} of the runs failed.`);
    return { perSecond, cpuMs: (after.cpuMs - before.cpuMs) / latencies.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
