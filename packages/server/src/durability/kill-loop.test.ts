import { describe, expect, inject, test } from 'vitest';
import { installations } from './testing/installations.ts';
import { storedRuns } from './testing/invariants.ts';
import { KillLoop } from './testing/kill-loop.ts';
import { Stage } from './testing/stage.ts';

/** More rounds for a longer look: `npm run soak -- --rounds 100 --seed 7`. */
const rounds = Number(process.env.KILL_ROUNDS ?? 4);
const seed = Number(process.env.KILL_SEED ?? 1);
/** One installation, such as `PostgreSQL/redis`; all when it is empty. */
const wanted = process.env.KILL_ON ?? '';

describe.each(
  installations(inject('postgresUrl')).filter(({ database, queue }) => `${database.name}/${queue}`.includes(wanted)),
)('a server on $name under load', (installation) => {
  const timeout = 90_000 + rounds * 15_000;
  test.concurrent(`loses nothing in ${rounds} rounds of faults and deaths (seed ${seed})`, { timeout }, async () => {
    await using stage = await Stage.set(installation, { ownPostgres: true });
    const loop = new KillLoop(stage, { seed, servers: installation.queue === 'embedded' ? 1 : 2 });
    await loop.setUp();
    for (let round = 0; round < rounds; round++) await loop.round();

    const restartedAt = performance.now();
    const last = await stage.start();
    expect(performance.now() - restartedAt).toBeLessThan(10_000);
    await loop.askAgain(last);
    await stage.settle(timeout);
    expect(await stage.brokenInvariants()).toEqual([]);
    expect(await loop.witness.contradictions(stage)).toEqual([]);
    expect(loop.surprises).toEqual([]);
    const runs = await storedRuns(stage.database);
    expect(runs.map(({ id }) => id)).toEqual([...loop.accepted.values()].sort());
    const reasons = runs.map(({ state, error }) => (error === null ? state : JSON.parse(error).code));
    if (process.env.KILL_ROUNDS) console.log(loop.report(installation.name, reasons));
    expect([...new Set(reasons)].filter((reason) => !['succeeded', 'step-outcome-unknown'].includes(reason))).toEqual(
      [],
    );
  });
});
