import { setTimeout as wait } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { findPostgresBinaries } from '../../../../tests/services/postgres.ts';
import { installations } from './testing/installations.ts';
import { storedRuns } from './testing/invariants.ts';
import { RefusedError } from './testing/server-process.ts';
import { SmallDisk } from './testing/small-disk.ts';
import { Stage } from './testing/stage.ts';

/** What a server answers when its disk is full, until there is room again. */
const FULL = 507;

test.concurrent('a server whose disk is full says so, promises nothing, and goes on by itself when there is room', {
  timeout: 150_000,
}, async ({ skip }) => {
  using disk = SmallDisk.open(24);
  if (!disk) return skip('A disk of its own needs the right to mount: run this test as root on Linux.');
  await using stage = await Stage.set({ database: disk.sqlite, queue: 'embedded' });
  const server = await stage.start();
  await stage.setUp(server, 300);
  const accepted = [await stage.run(server)];

  // While that run is at work, and when nothing is.
  for (let round = 0; round < 2; round++) {
    await wait(100);
    disk.fill();
    expect(await statusOf(stage.upload(server, 'big.csv', Buffer.alloc(1_000_000, 'a,b\n')))).toBe(FULL);
    // There may be room for a few more in what the database has already.
    let status = 201;
    for (let asked = 0; status !== FULL && asked < 400; asked++)
      status = await statusOf(stage.run(server).then((id) => accepted.push(id)));
    expect(status).toBe(FULL);
    await wait(2000);
    expect(server.child.exitCode).toBe(null);

    disk.free();
    await stage.settle();
    expect(await stage.brokenInvariants()).toEqual([]);
    expect((await storedRuns(stage.database)).map(({ id }) => id)).toEqual(accepted.toSorted());
    await stage.upload(server, 'small.csv', Buffer.from(`a,b\n${round},1\n`));
    accepted.push(await stage.run(server));
    await stage.settle();
    const last = (await storedRuns(stage.database)).find(({ id }) => id === accepted.at(-1));
    expect(last).toMatchObject({ state: 'succeeded' });
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  }
});

// Its log of changes may not grow any more, and then PostgreSQL ends itself: whoever looks after it starts it again.
test.concurrent.for(
  installations(inject('postgresUrl')).filter(
    ({ database, queue }) => database.name === 'PostgreSQL' && queue !== 'redis',
  ),
)(
  'a server on $name on a full disk refuses what cannot be stored, loses nothing, and goes on when there is room',
  {
    timeout: 240_000,
  },
  async ({ database, queue }, { skip }) => {
    using disk = findPostgresBinaries() === null ? undefined : SmallDisk.open(120);
    if (!disk)
      return skip('A disk of its own needs PostgreSQL and the right to mount: run this test as root on Linux.');
    await using stage = await Stage.set({ database, queue }, { ownPostgres: true, postgresIn: disk.folder });
    const server = await stage.start();
    await stage.setUp(server, 50);
    const accepted = [await stage.run(server)];
    for (let round = 0; round < 2; round++) {
      disk.fill();
      const refusals = new Set<number>();
      // What PostgreSQL has set aside before is filled by and by.
      for (let asked = 0; refusals.size === 0 && asked < 1500; asked++) {
        const status = await statusOf(stage.run(server).then((id) => accepted.push(id)));
        if (status !== 201) refusals.add(status);
      }
      for (let asked = 0; asked < 5; asked++) {
        const status = await statusOf(stage.run(server).then((id) => accepted.push(id)));
        if (status !== 201) refusals.add(status);
        await wait(200);
      }
      expect([...refusals].filter((status) => ![FULL, 503].includes(status))).toEqual([]);
      expect(refusals.size).toBeGreaterThan(0);
      expect(server.child.exitCode).toBe(null);

      disk.free();
      if (!stage.postgres?.isUp()) await stage.postgres?.crash();
      await stage.settle(90_000);
      expect(await stage.brokenInvariants()).toEqual([]);
      expect((await storedRuns(stage.database)).map(({ id }) => id)).toEqual(accepted.toSorted());
      accepted.push(await stage.run(server));
      await stage.settle();
      expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
    }
  },
);

/** 201 when it was done, else the status of the refusal. */
async function statusOf(answer: Promise<unknown>): Promise<number> {
  try {
    await answer;
    return 201;
  } catch (error) {
    if (error instanceof RefusedError) return error.status;
    throw error;
  }
}
