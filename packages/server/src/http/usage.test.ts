import { afterEach, describe, expect, inject, test } from 'vitest';
import { aCharge } from '../adapters/typeorm/testing/a-charge.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

const today = () => new Date().toISOString().slice(0, 10);

describe.each(scratchKinds(inject('postgresUrl')))('usage on $name', (kind) => {
  /** A workspace in which a run of one step was charged 3 credits. */
  async function world() {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: '=Greeting, "loud"', graph: sayGraph() } })).body;
    const run = (await call('startRun', { params: { id }, body: {} })).body;
    const lease = await app.runStore.claim(run.id, 'test', 60_000);
    if (!lease) throw new Error('the run could not be claimed');
    const outcome = { state: 'succeeded', creditsSpent: 3, error: null, cover: null } as const;
    const charges = [aCharge({ node: 'say', credits: 3 })];
    await app.runStore.settle(lease, outcome, { steps: [], events: [], charges });
    return { ...app, call, id };
  }

  test('is answered by workflow, node type, person and day, with names and a total', async () => {
    const { call, id } = await world();
    const sums = { steps: 1, items: 1, credits: 3, refunded: 0, durationMs: 20 };
    const answer = await call('getUsage', { query: { by: 'workflow' } });
    expect(answer.body).toEqual({
      ...{ from: expect.any(String), to: today(), by: 'workflow', total: sums },
      rows: [{ ...sums, day: null, workflow: { id, name: '=Greeting, "loud"' }, nodeType: null, person: null }],
    });
    expect((Date.parse(answer.body.to) - Date.parse(answer.body.from)) / 86_400_000).toBe(29);
    expect((await call('getUsage', { query: { by: 'type' } })).body.rows).toMatchObject([{ nodeType: 'test.say' }]);
    expect((await call('getUsage', { query: { by: 'person' } })).body.rows).toMatchObject([
      { person: { name: 'Ada' } },
    ]);
    expect((await call('getUsage')).body.rows).toMatchObject([{ day: today(), credits: 3 }]);
    const other = await call('getUsage', { query: { nodeType: 'test.loud' } });
    expect(other.body).toMatchObject({ rows: [], total: { credits: 0 } });
  });

  test('is exported as CSV, with nothing in it that a table program would execute', async () => {
    const { call, id } = await world();
    const { text, headers } = await call('exportUsage', { query: { by: 'workflow' } });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')).toEqual([
      'day,workflow,workflowId,nodeType,person,personId,steps,items,credits,refunded,durationMs',
      `,"'=Greeting, ""loud""",${id},,,,1,1,3,0,20`,
      '',
    ]);
  });

  test.each([
    [
      { from: '2026-11-02', to: '2026-11-01' },
      /from: expected a day that is not after 2026-11-01, received 2026-11-02/,
    ],
    [{ from: '2024-01-01', to: '2026-01-01' }, /expected at most 366 days, received 732/],
    [{ from: '2026-02-30' }, /from: expected a day such as 2026-11-21/],
    [{ by: 'hour' }, /by/],
    [{ workflowId: "' OR 1=1 --" }, /workflowId/],
  ])('refuses %j and says what is expected', async (query, message) => {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    for (const name of ['getUsage', 'exportUsage'] as const) {
      const answer = await call(name, { query });
      expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringMatching(message)]);
    }
  });

  test('shows nothing to a person of another workspace', async () => {
    const app = await world();
    const { call } = await strangerOf(app);
    expect((await call('getUsage', { query: { workflowId: app.id } })).body).toMatchObject({ rows: [] });
    expect((await call('exportUsage')).text.split('\r\n')).toHaveLength(2);
  });
});
