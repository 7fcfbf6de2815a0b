import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('notices on $name', (kind) => {
  test('tell a person of their run, until they have read it; nobody else sees or marks them', async () => {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: 'Greeting', graph: sayGraph() } })).body;
    const run = (await call('startRun', { params: { id }, body: {} })).body;
    await call('cancelRun', { params: { id: run.id } });
    const { notices, unread, nextCursor } = (await call('listNotices')).body;
    expect([unread, nextCursor, notices]).toEqual([
      1,
      null,
      [
        {
          ...{ id: expect.any(String), createdAt: expect.any(String), readAt: null },
          about: {
            ...{ kind: 'run-ended', runId: run.id, workflowName: 'Greeting', state: 'cancelled' },
            ...{ charged: 0, returned: 3, step: null, message: null },
          },
        },
      ],
    ]);
    const { call: stranger } = await strangerOf(app);
    const body = { ids: [notices[0].id] };
    expect((await stranger('listNotices')).body).toEqual({ notices: [], unread: 0, nextCursor: null });
    expect((await stranger('readNotices', { body })).body).toEqual({ unread: 0 });
    expect((await call('listNotices')).body.unread).toBe(1);
    expect((await call('readNotices', { body })).body).toEqual({ unread: 0 });
    expect((await call('listNotices')).body.notices[0].readAt).not.toBeNull();
  });

  test.each([{}, { ids: [] }, { ids: ['x'] }, { upTo: 'yesterday' }, { all: true }])(
    'are not marked as read by %j',
    async (body) => {
      const { call } = await setUpOwner(await testApp({}, kind));
      expect((await call('readNotices', { body })).status).toBe(400);
    },
  );
});
