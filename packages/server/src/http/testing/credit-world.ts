import { randomUUID } from 'node:crypto';
import type { RunStore } from '@imaginarium/engine';
import { aCharge } from '../../adapters/typeorm/testing/a-charge.ts';
import type { ScratchKind } from '../../adapters/typeorm/testing/scratch-databases.ts';
import { BUILT_IN_PRICES } from '../../credits/built-in-prices.ts';
import { setUpOwner, testApp } from '../../testing/test-app.ts';
import { sayGraph } from '../../testing/test-nodes.ts';

/** An app that meters credits, with a workflow of one node that costs 3. */
export async function creditWorld(kind: ScratchKind, startGrant = 10) {
  const app = await testApp({ config: { credits: { mode: 'metered', startGrant } } }, kind);
  const { call, cookie } = await setUpOwner(app);
  const { id } = (await call('createWorkflow', { body: { name: 'Greeting', graph: sayGraph() } })).body;
  const start = async (body: object = {}) => call('startRun', { params: { id }, body });
  const move = (
    name: 'grantCredits' | 'recordPurchase' | 'withdrawCredits',
    body: object,
    key: string = randomUUID(),
  ) => call(name, { body, headers: { 'idempotency-key': key } });
  const { version: _version, ...prices } = BUILT_IN_PRICES;
  const save = (after: number, credits: number) => {
    const rules = [{ type: 'test.say', credits, per: 'item' }];
    return call('savePrices', { body: { after, prices: { ...prices, rules } } });
  };
  return { ...app, call, cookie, id, start, move, save };
}

/** Charges a run for its only step, and ends it. */
export async function spend(runStore: RunStore, id: string): Promise<void> {
  const lease = await runStore.claim(id, 'test', 60_000);
  if (!lease) throw new Error('the run could not be claimed');
  const charges = [aCharge({ node: 'say', name: 'Say', credits: 3 })];
  const outcome = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;
  await runStore.settle(lease, outcome, { steps: [], events: [], charges });
}
