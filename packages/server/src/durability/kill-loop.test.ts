import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { installations } from './testing/installations.ts';
import { storedRuns } from './testing/invariants.ts';
import { seeded } from './testing/random.ts';
import { Stage } from './testing/stage.ts';
import { Witness } from './testing/witness.ts';

/** More rounds for a longer look: `KILL_ROUNDS=100 KILL_SEED=7 npx vitest run --project server kill-loop`. */
const rounds = Number(process.env.KILL_ROUNDS ?? 4);
const seed = Number(process.env.KILL_SEED ?? 1);
/** Callers that ask for a run, one after the other. */
const CALLERS = 4;

describe.each(installations(inject('postgresUrl')))('a server on $name under load', (installation) => {
  const timeout = 60_000 + rounds * 10_000;
  test.concurrent(`loses nothing when it is killed ${rounds} times at random (seed ${seed})`, { timeout }, async () => {
    await using stage = await Stage.set(installation);
    const random = seeded(seed);
    const witness = new Witness();
    const accepted = new Map<string, string>();
    const asked: string[] = [];
    const setUp = await stage.start();
    await stage.setUp(setUp, 5);
    setUp.child.kill('SIGKILL');
    await setUp.ended;

    for (let round = 0; round < rounds; round++) {
      const server = await stage.start();
      let alive = true;
      const call = async () => {
        // What was asked before the last death, and not answered, is asked again: with the same key, so that it is one run.
        const again = asked.filter((key) => !accepted.has(key));
        while (alive) {
          const key = again.pop() ?? `order-${asked.push(`order-${asked.length}`) - 1}`;
          const id = await stage.run(server, key).catch(() => undefined);
          if (id !== undefined) accepted.set(key, id);
          await wait(20);
        }
      };
      const callers = Array.from({ length: CALLERS }, call);
      await wait(50 + random() * 1500);
      server.child.kill('SIGKILL');
      await server.ended;
      alive = false;
      await Promise.all(callers);
      await witness.look(stage);
    }

    const restartedAt = performance.now();
    const last = await stage.start();
    expect(performance.now() - restartedAt).toBeLessThan(10_000);
    for (const key of asked) {
      const id = await stage.run(last, key);
      expect(accepted.get(key) ?? id).toBe(id);
      accepted.set(key, id);
    }
    await stage.settle(timeout);
    expect(await stage.brokenInvariants()).toEqual([]);
    expect(await witness.contradictions(stage)).toEqual([]);
    const runs = await storedRuns(stage.database);
    expect(runs.map(({ id }) => id)).toEqual([...accepted.values()].sort());
    const reasons = runs.map(({ state, error }) => (error === null ? state : JSON.parse(error).code));
    const expected = ['succeeded', 'step-outcome-unknown'];
    expect([...new Set(reasons)].filter((reason) => !expected.includes(reason))).toEqual([]);
  });
});
