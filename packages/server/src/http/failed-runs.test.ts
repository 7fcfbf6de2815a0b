import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps, strangerOf } from '../testing/test-app.ts';
import { runWorld } from './testing/run-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (changes = {}) => runWorld(kind, changes);

  describe('a failed run', () => {
    /** Three runs that failed, the first by a time limit. */
    async function failures() {
      const app = await world();
      const { id } = await app.workflow();
      const runIds: string[] = [];
      for (const code of ['run-timeout', 'step-failed', 'step-failed'] as const) {
        const { id: runId } = (await app.start(id, { inputs: { greeting: code } })).body;
        const lease = await app.runStore.claim(runId, 'worker', 60_000);
        const end = { state: 'failed', creditsSpent: 0, error: { code, message: 'No.' }, cover: null } as const;
        await app.runStore.settle(lease ?? { runId, token: 0 }, end, { steps: [], events: [] });
        runIds.push(runId);
      }
      const ids = async (query: Record<string, string> = {}) => {
        const { runs } = (await app.call('listRuns', { query: { dismissed: 'false', ...query } })).body;
        return runs.map((run: { id: string }) => run.id);
      };
      return { ...app, ids, runIds: runIds as [string, string, string] };
    }

    test('is listed until somebody dismisses it, by what failed and when', async () => {
      const { call, ids, workflow, start, runIds } = await failures();
      const [timeout, first, second] = runIds;
      await start((await workflow()).id);
      expect(await ids()).toEqual([second, first, timeout]);
      expect(await ids({ errorCode: 'run-timeout' })).toEqual([timeout]);
      const { createdAt } = (await call('getRun', { params: { id: first } })).body;
      expect(await ids({ createdAfter: createdAt })).toEqual([second, first]);
      expect(await ids({ createdBefore: createdAt })).toEqual([timeout]);
      expect(await ids({ workflowId: randomUUID() })).toEqual([]);
      const dismissed = await call('dismissRuns', { body: { runIds: [first, first, randomUUID()] } });
      expect(dismissed.body).toEqual({ dismissed: 1 });
      expect((await call('dismissRuns', { body: { runIds: [first] } })).body).toEqual({ dismissed: 0 });
      expect(await ids()).toEqual([second, timeout]);
      expect(await ids({ dismissed: 'true' })).toEqual([first]);
      expect((await call('getRun', { params: { id: first } })).body.dismissedAt).not.toBeNull();
    });

    test('leaves the list when it is run again, alone or with others', async () => {
      const { call, ids, runIds } = await failures();
      const [timeout, first, second] = runIds;
      const inputs = { greeting: 'other' };
      const again = await call('repeatRun', { params: { id: timeout }, body: { inputs } });
      expect(again.body).toMatchObject({ state: 'queued', inputs });
      expect(await ids()).toEqual([second, first]);
      const unknown = randomUUID();
      const many = await call('repeatRuns', {
        body: { runIds: [first, unknown, second, again.body.id], from: 'failed' },
      });
      expect(many.body.results).toMatchObject([
        { runId: first, run: { state: 'queued', inputs: { greeting: 'step-failed' } }, error: null },
        { runId: unknown, run: null, error: { code: 'not-found' } },
        { runId: second, run: { state: 'queued' }, error: null },
        { runId: again.body.id, run: null, error: { code: 'bad-request' } },
      ]);
      expect(await ids()).toEqual([]);
    });

    test('of another workspace is neither dismissed nor run again', async () => {
      const app = await failures();
      const { call } = await strangerOf(app);
      const body = { runIds: app.runIds };
      expect((await call('dismissRuns', { body })).body).toEqual({ dismissed: 0 });
      const { results } = (await call('repeatRuns', { body })).body;
      expect(results.map(({ error }: { error: { code: string } }) => error.code)).toEqual(Array(3).fill('not-found'));
      expect(await app.ids()).toHaveLength(3);
    });
  });
});
