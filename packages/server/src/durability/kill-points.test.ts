import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { UnownedFiles } from '../adapters/disk/unowned-files.ts';
import { SqlLeftovers } from '../adapters/typeorm/files/leftovers.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { KILL_POINTS, type KillAt } from '../kill-points/kill-points.ts';
import { storedRuns } from './testing/invariants.ts';
import { Lines } from './testing/lines.ts';
import type { Stage } from './testing/stage.ts';
import { Witness } from './testing/witness.ts';

/** Each point, and some of them at several moments of a run: before, in and after the node that must not be repeated. */
const moments: KillAt[] = [
  ...KILL_POINTS.map((point) => ({ point, count: 1 })),
  ...[4, 5, 6].flatMap((count) => [
    { point: 'step-start' as const, count },
    { point: 'effect-done-before-record' as const, count },
  ]),
  { point: 'checkpoint-after', count: 2 },
];

describe.each(scratchKinds(inject('postgresUrl')))('a server on $name that is killed', (database) => {
  const lines = new Lines(3, database, (stage, server) => stage.setUp(server));
  afterAll(() => lines[Symbol.asyncDispose]());

  test.concurrent.each(moments)(
    'at $point, time $count, loses nothing and repeats nothing that was finished',
    { timeout: 180_000 },
    (killAt) =>
      lines.use(async (line) => {
        const { stage, server } = line;
        const before = (await storedRuns(stage.database)).length;
        await server.dieAt(killAt);
        await stage.run(server).catch(() => 'The server was killed before it had answered.');
        expect(await server.ended).toBe('SIGKILL');
        expect(await storedRuns(stage.database)).toHaveLength(before + 1);
        expect(await stage.lastRun()).toMatchObject({ state: expect.stringMatching(/queued|running/) });
        const witness = new Witness();
        await witness.look(stage);

        await stage.lapseLeases();
        line.server = await stage.start();
        await stage.settle();
        expect(await stage.brokenInvariants()).toEqual([]);
        const { state, error } = await stage.lastRun();
        const failed = state === 'failed';
        expect(failed ? JSON.parse(error ?? '').code : state).toBe(failed ? 'step-outcome-unknown' : 'succeeded');
        expect(await witness.contradictions(stage)).toEqual([]);
        // What was left lying about is removed, and nothing that somebody owns.
        const owners = new SqlLeftovers(stage.database);
        await new UnownedFiles({ root: join(stage.dataDir, 'files'), owners, graceMs: 0 }).remove();
        expect(await stage.brokenInvariants()).toEqual([]);
        expect(await owners.unowned(await filesOf(stage))).toEqual([]);
      }),
  );
});

/** The ids of all files on the disk. */
async function filesOf({ dataDir }: Stage): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'files'), { recursive: true });
  return entries
    .filter((path) => /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(path))
    .map((path) => `${dirname(path)}${basename(path)}`);
}
