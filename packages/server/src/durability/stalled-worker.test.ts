import { setTimeout as wait } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { installations } from './testing/installations.ts';
import { finishedSteps, storedRuns } from './testing/invariants.ts';
import type { ServerProcess } from './testing/server-process.ts';
import { Stage } from './testing/stage.ts';
import { Witness } from './testing/witness.ts';

// Each waits for a lease to lapse, so all of them do at the same time.
test.concurrent.each(installations(inject('postgresUrl')))(
  'a worker on $name that stands still for longer than its lease loses its run to another, and writes nothing when it wakes',
  { timeout: 150_000 },
  async (installation) => {
    await using stage = await Stage.set(installation);
    const servers = [await stage.start(), await stage.start()] as const;
    await stage.setUp(servers[0], 400);
    await stage.run(servers[0]);
    const isAtWork = async () => (await finishedSteps(stage.database)).some(({ node }) => node === 'source');
    while (!(await isAtWork())) await wait(20);
    const holder = await holderOf(stage, servers);
    holder.child.kill('SIGSTOP');
    const witness = new Witness();
    await witness.look(stage);

    await stage.settle();
    const ended = await storedRuns(stage.database);
    expect(ended).toMatchObject([{ state: 'succeeded', lease_token: 2 }]);
    holder.child.kill('SIGCONT');
    await wait(3000);
    expect(await storedRuns(stage.database)).toEqual(ended);
    expect(await stage.brokenInvariants()).toEqual([]);
    expect(await witness.contradictions(stage)).toEqual([]);
    expect((await fetch(`${holder.address}/readyz`)).status).toBe(200);
  },
);

/** The server whose worker has the lease of the one run. */
async function holderOf({ database }: Stage, servers: readonly [ServerProcess, ServerProcess]): Promise<ServerProcess> {
  const rows = await database.read(({ sql }) => sql<{ lease_worker: string }>`SELECT lease_worker FROM run`);
  const holder = servers.find(({ child }) => rows[0]?.lease_worker.includes(String(child.pid)));
  if (!holder) throw new Error('No server has the run.');
  return holder;
}
