import { randomUUID } from 'node:crypto';
import { aNewRun } from '@imaginarium/engine/testing';
import type { Role, WaitAbout } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../testing/send.ts';
import { type Caller, closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

const approval = (role: Role): WaitAbout => ({ kind: 'approval', message: 'Print it?', role, pictures: [], items: 1 });

describe.each(scratchKinds(inject('postgresUrl')))('waits on $name', (kind) => {
  async function world() {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    /** A run in the caller's workspace that rests. */
    const resting = async (by: Caller, about: WaitAbout, dueAt: string | null = null) => {
      const { workspace } = (await by('getSession')).body;
      const workflow = (await call('createWorkflow', { body: { name: 'Poster', graph: sayGraph() } })).body;
      const owner = (await call('getSession')).body.workspace.id;
      // A role that may not make workflows gets one made for it.
      if (workspace.id !== owner)
        await app.database.write(
          ({ sql }) => sql`UPDATE workflow SET workspace_id = ${workspace.id} WHERE id = ${workflow.id}`,
        );
      const { run } = await app.runStore.accept(
        aNewRun({ id: randomUUID(), workspaceId: workspace.id, workflowId: workflow.id, graph: sayGraph() }),
      );
      const lease = await app.runStore.claim(run.id, 'test', 60_000);
      const wait = {
        ...{ id: randomUUID(), call: 0, about, since: '2026-03-01T09:00:00.000Z', dueAt, answer: null, before: null },
      };
      const steps = [{ node: 'say', iteration: '', attempts: 1, done: [], waits: [wait] }];
      const started = { type: 'run.started', runId: run.id, seq: 1, at: '2026-03-01T09:00:00.000Z' } as const;
      if (!lease) throw new Error('The run could not be claimed.');
      await app.runStore.park(lease, { steps: [], events: [started], parked: { resting: true, workedMs: 1, steps } });
      return { runId: run.id, waitId: wait.id };
    };
    const stateOf = async (id: string) => (await app.runStore.load(id))?.run.state;
    const post = (path: string, body: string, type = 'application/json') =>
      send(app.app, { method: 'POST', path, headers: { 'content-type': type }, body });
    return { ...app, call, resting, stateOf, post };
  }

  test('are listed to those who may see them, with what they may do', async () => {
    const { app, database, call, resting } = await world();
    const mine = await resting(call, approval('owner'));
    const also = await resting(call, { kind: 'callback' });
    const viewer = await strangerOf({ app, database }, 'viewer');
    const theirs = await resting(viewer.call, approval('viewer'));
    const listed = (await call('listWaits')).body;
    expect([listed.total, listed.waits.map((wait: { id: string }) => wait.id).sort()]).toEqual([
      2,
      [mine.waitId, also.waitId].sort(),
    ]);
    const [question] = (await call('listWaits', { query: { kind: 'approval' } })).body.waits;
    expect(question).toMatchObject({ runId: mine.runId, node: 'say', name: 'Say', mayAnswer: true, path: null });
    const [address] = (await call('listWaits', { query: { runId: also.runId } })).body.waits;
    expect(address).toMatchObject({ mayAnswer: false, path: expect.stringMatching(/^\/hooks\/waits\//) });
    expect((await viewer.call('listWaits')).body).toMatchObject({ total: 1, waits: [{ runId: theirs.runId }] });
    await database.write(
      ({ sql }) =>
        sql`UPDATE run_wait SET kind = 'callback', about = ${JSON.stringify({ kind: 'callback' })} WHERE id = ${theirs.waitId}`,
    );
    expect((await viewer.call('listWaits')).body.waits).toMatchObject([{ path: null }]);
  });

  test('are answered once, by those who may, and in their workspace only', async () => {
    const { app, database, call, resting, stateOf } = await world();
    const { runId, waitId } = await resting(call, approval('admin'));
    const answer = (by: Caller, id: string, body: object = { decision: 'approved' }) =>
      by('answerWait', { params: { id }, body });
    const stranger = await strangerOf({ app, database }, 'editor');
    expect((await answer(stranger.call, waitId)).status).toBe(404);
    const above = await resting(stranger.call, approval('admin'));
    const refused = await answer(stranger.call, above.waitId);
    expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining('owner, admin')]);
    expect((await answer(call, waitId, { decision: 'perhaps' })).status).toBe(400);
    expect(await stateOf(runId)).toBe('waiting');
    const answers = await Promise.all([answer(call, waitId), answer(call, waitId), answer(call, waitId)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect(await stateOf(runId)).toBe('queued');
    expect((await call('listWaits')).body).toEqual({ waits: [], total: 0 });
  });

  test('for a call are answered by whoever knows the address, once, with whatever is posted', async () => {
    const { call, resting, post, runStore, stateOf } = await world();
    const { runId } = await resting(call, { kind: 'callback' });
    const asked = await resting(call, approval('viewer'));
    const [{ path }] = (await call('listWaits', { query: { runId } })).body.waits;
    for (const wrong of [
      `${path}x`,
      `/hooks/waits/${asked.waitId}.AAAA`,
      '/hooks/waits/x',
      path.replace(/\.(.)/, (_: string, first: string) => (first === 'x' ? '.y' : '.x')),
    ])
      expect((await post(wrong, '{}')).status).toBe(404);
    expect((await post(path, '{"a":')).status).toBe(400);
    expect(await stateOf(runId)).toBe('waiting');
    const answer = await post(path, 'a=1&b=2', 'application/x-www-form-urlencoded');
    expect([answer.status, answer.body]).toEqual([202, { runId }]);
    expect((await runStore.load(runId))?.parked?.steps[0]?.waits[0]?.answer).toEqual({
      ...{ timeIsUp: false, value: { a: '1', b: '2' } },
    });
    expect((await post(path, '{}')).status).toBe(404);
  });

  test('end with their run', async () => {
    const { call, resting, post, stateOf } = await world();
    const { runId, waitId } = await resting(call, { kind: 'callback' });
    const [{ path }] = (await call('listWaits', { query: { runId } })).body.waits;
    expect((await call('cancelRun', { params: { id: runId } })).body.state).toBe('cancelled');
    expect([(await post(path, '{}')).status, await stateOf(runId)]).toEqual([404, 'cancelled']);
    expect((await call('answerWait', { params: { id: waitId }, body: { decision: 'approved' } })).status).toBe(404);
  });
});
