import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps } from '../testing/test-app.ts';
import { runWorld } from './testing/run-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (changes = {}) => runWorld(kind, changes);

  describe('a run that is put off', () => {
    const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

    test('is queued and not offered before its time, says so, and can be cancelled', async () => {
      const { call, workflow, start, runStore, deps } = await world();
      const offered = vi.spyOn(deps.queue, 'offer');
      const notBefore = inOneHour();
      const answer = await start((await workflow()).id, { notBefore });
      expect([answer.status, answer.body.notBefore, answer.body.state]).toEqual([202, notBefore, 'queued']);
      expect(offered).not.toHaveBeenCalled();
      expect(await runStore.listQueued(10)).toEqual([]);
      const { id } = answer.body;
      const detail = (await call('getRun', { params: { id } })).body;
      expect(detail.waitsFor).toEqual({ code: 'time', message: `It begins at ${notBefore} or soon after.` });
      expect((await call('cancelRun', { params: { id } })).body.state).toBe('cancelled');
      expect((await call('getRun', { params: { id } })).body.waitsFor).toBeNull();
    });

    test('may be put off for a year and no longer', async () => {
      const { workflow, start } = await world();
      const { id } = await workflow();
      for (const notBefore of ['tomorrow', '2026-13-01T00:00:00Z', 5, '9999-01-01T00:00:00Z']) {
        const { status, body } = await start(id, { notBefore });
        expect([status, body.error.code], String(notBefore)).toEqual([400, 'bad-request']);
      }
      const past = await start(id, { notBefore: '2020-01-01T00:00:00Z' });
      expect([past.status, past.body.notBefore]).toEqual([202, '2020-01-01T00:00:00.000Z']);
      const key = { 'idempotency-key': 'one' };
      const first = await start(id, { notBefore: inOneHour() }, key);
      expect((await start(id, {}, key)).body.error.code).toBe('idempotency-mismatch');
      expect(first.status).toBe(202);
    });
  });
});
