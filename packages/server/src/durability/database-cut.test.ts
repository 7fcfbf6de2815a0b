import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { installations } from './testing/installations.ts';
import { storedRuns } from './testing/invariants.ts';
import { Stage } from './testing/stage.ts';

const onPostgres = installations(inject('postgresUrl')).filter(({ database }) => database.name === 'PostgreSQL');

describe.each(onPostgres)('a server on $name whose connections are cut', (installation) => {
  test.concurrent('goes on by itself, and loses no run', { timeout: 150_000 }, async () => {
    await using stage = await Stage.set(installation);
    const server = await stage.start();
    await stage.setUp(server, 100);
    const asked = await Promise.all(Array.from({ length: 5 }, () => stage.run(server)));
    for (let cut = 0; cut < 6; cut++) {
      await wait(150);
      await stage.cutConnections();
    }
    await stage.settle();
    expect(await stage.brokenInvariants()).toEqual([]);
    expect((await storedRuns(stage.database)).map(({ id }) => id)).toEqual(asked.toSorted());
    expect(server.child.exitCode).toBe(null);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });
});
