import { NodeRegistry } from '@imaginarium/engine';
import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { DatabaseAwayError } from '../adapters/typeorm/database/database-away.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { triggerGraph } from '../testing/test-triggers.ts';
import { Scheduler } from './scheduler.ts';

afterEach(closeTestApps);

const DUE = '2026-03-02T09:00:00.000Z';
const NEXT = '2026-03-02T09:00:10.000Z';

describe.each(scratchKinds(inject('postgresUrl')))('schedules on $name', (kind) => {
  async function world(params: JsonObject = {}, changes = {}) {
    const app = await testApp(changes, kind);
    const { call } = await setUpOwner(app);
    const graph = triggerGraph({ clock: ['test.clock', { cron: '*/10 * * * * *', ...params }] });
    const { id } = (await call('createWorkflow', { body: { name: 'Daily', graph } })).body;
    await call('createVersion', { params: { id }, body: {} });
    const { body } = await call('activate', { params: { id }, body: { version: 1 } });
    const setDue = (at: string) => app.database.write(({ sql }) => sql`UPDATE workflow_trigger SET next_at = ${at}`);
    await setDue(DUE);
    const nextAt = async () => (await call('getActivation', { params: { id } })).body.activation.triggers[0].nextAt;
    const runs = async () =>
      ((await call('listRuns')).body.runs as { inputs: JsonObject; trigger: string }[]).map(({ inputs, trigger }) => [
        trigger,
        inputs.trigger,
      ]);
    return { ...app, call, id, setDue, nextAt, runs, activated: body, scheduler: () => new Scheduler(app.deps) };
  }

  test('start a run at their time, and not before', async () => {
    const { scheduler, runs, nextAt, activated } = await world();
    expect(Date.parse(activated.triggers[0].nextAt) - Date.now()).toBeLessThanOrEqual(10_000);
    await scheduler().look(new Date('2026-03-02T08:59:59.999Z'));
    expect(await runs()).toEqual([]);
    await scheduler().look(new Date(DUE));
    expect(await runs()).toEqual([['schedule', { at: DUE, late: false }]]);
    expect(await nextAt()).toBe(NEXT);
  });

  test('start a tick once, however many servers see it at the same moment', async () => {
    const { scheduler, runs, setDue } = await world();
    await Promise.all(Array.from({ length: 6 }, () => scheduler().look(new Date(DUE))));
    // A server that died after it started the run, before it said so.
    await setDue(DUE);
    await scheduler().look(new Date(DUE));
    expect(await runs()).toHaveLength(1);
  });

  test('leave out what was missed while no server was there', async () => {
    const { scheduler, runs, nextAt } = await world();
    await scheduler().look(new Date('2026-03-02T11:00:03.000Z'));
    expect([await runs(), await nextAt()]).toEqual([[], '2026-03-02T11:00:10.000Z']);
  });

  test('make up for all that was missed with one run where they are told to', async () => {
    const { scheduler, runs, nextAt } = await world({ missed: 'once' });
    await scheduler().look(new Date('2026-03-02T11:00:03.000Z'));
    await scheduler().look(new Date('2026-03-02T11:00:04.000Z'));
    expect([await runs(), await nextAt()]).toEqual([
      [['schedule', { at: DUE, late: true }]],
      '2026-03-02T11:00:10.000Z',
    ]);
  });

  test('leave out a tick that is beyond what its person may run in an hour', async () => {
    const { scheduler, runs, setDue, nextAt, logLines } = await world(
      {},
      { limits: { hourlyItems: { 'test.clock': 1 } } },
    );
    await scheduler().look(new Date(DUE));
    await scheduler().look(new Date(NEXT));
    expect([await runs(), await nextAt()]).toEqual([
      [['schedule', { at: DUE, late: false }]],
      '2026-03-02T09:00:20.000Z',
    ]);
    expect(logLines.filter((line) => line.includes('a schedule started no run'))).toHaveLength(1);
    // The server that started the run died before it said so: a repeat is never refused.
    await setDue(DUE);
    await scheduler().look(new Date(DUE));
    expect(await nextAt()).toBe(NEXT);
  });

  test('tell their person once a day that the wallet or the budget had too little', async () => {
    const { scheduler, runs, call, id } = await world({}, { config: { credits: { mode: 'metered', startGrant: 7 } } });
    const { version, history: _history, ...prices } = (await call('getPrices')).body;
    const rules = [{ type: 'test.clock', credits: 10, per: 'item' }];
    await call('savePrices', { body: { after: version, prices: { ...prices, rules } } });
    const look = async (at: string) => scheduler().look(new Date(at));
    await look(DUE);
    await look(NEXT);
    await call('grantCredits', { body: { amount: 100, reason: 'More' }, headers: { 'idempotency-key': 'more' } });
    await call('setBudget', { body: { amount: 4 } });
    await look('2026-03-02T09:00:20.000Z');
    expect(await runs()).toEqual([]);
    const { notices } = (await call('listNotices')).body;
    const refused = { kind: 'run-refused', workflowId: id, workflowName: 'Daily' };
    expect(notices.map(({ about }: { about: object }) => about)).toEqual([
      { ...refused, reason: 'budget-spent', missing: 6, beginsAgain: expect.any(String) },
      { ...refused, reason: 'insufficient-credits', missing: 3, beginsAgain: null },
    ]);
  });

  test('are refused as they were where their person could not be told of it', async () => {
    const { deps, nextAt, logLines, call } = await world(
      {},
      { config: { credits: { mode: 'metered', startGrant: 7 } } },
    );
    const { version, history: _history, ...prices } = (await call('getPrices')).body;
    const rules = [{ type: 'test.clock', credits: 10, per: 'item' }];
    await call('savePrices', { body: { after: version, prices: { ...prices, rules } } });
    const speechless = new Scheduler({
      ...deps,
      openWorkspace: (workspaceId) => {
        const stores = deps.openWorkspace(workspaceId);
        const tell = () => Promise.reject(new DatabaseAwayError(new Error('connection terminated')));
        return { ...stores, notices: Object.assign(Object.create(stores.notices), { tell }) };
      },
    });
    await speechless.look(new Date(DUE));
    // What comes of the notice is no reason to try the run again.
    expect(await nextAt()).toBe(NEXT);
    expect(logLines.filter((line) => line.includes('nobody could be told'))).toHaveLength(1);
  });

  test('are tried again after what may pass, and go on to the next tick after a refusal', async () => {
    let fail: Error | undefined = new DatabaseAwayError(new Error('connection terminated'));
    const { scheduler, runs, nextAt, deps, logLines } = await world();
    const broken = new Scheduler({
      ...deps,
      openWorkspace: (workspaceId) => {
        if (fail) throw fail;
        return deps.openWorkspace(workspaceId);
      },
    });
    await broken.look(new Date(DUE));
    expect([await nextAt(), logLines.some((line) => line.includes('could not be started'))]).toEqual([DUE, true]);
    fail = undefined;
    await broken.look(new Date(DUE));
    expect(await runs()).toHaveLength(1);
    expect(await nextAt()).toBe(NEXT);
    await new Scheduler({ ...deps, catalogue: new NodeRegistry() }).look(new Date(NEXT));
    expect(await nextAt()).toBe('2026-03-02T09:00:20.000Z');
    await scheduler().look(new Date('2026-03-02T09:00:20.000Z'));
    expect(await runs()).toHaveLength(2);
  });

  test('end with their activation', async () => {
    const { scheduler, runs, call, id } = await world();
    await call('deactivate', { params: { id } });
    await scheduler().look(new Date(DUE));
    expect(await runs()).toEqual([]);
  });

  test('are looked for from start to stop', async () => {
    const { scheduler, runs, setDue } = await world();
    await setDue(new Date(Date.now() - 1000).toISOString());
    const one = scheduler();
    one.start();
    await expect.poll(runs, { timeout: 10_000 }).toHaveLength(1);
    await one.stop();
  });
});
