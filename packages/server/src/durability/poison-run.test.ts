import { expect, inject, test } from 'vitest';
import { installations } from './testing/installations.ts';
import { storedRuns } from './testing/invariants.ts';
import { Stage } from './testing/stage.ts';

test('a run that ends every server is given up, and the next server lives', { timeout: 120_000 }, async () => {
  const [installation] = installations(inject('postgresUrl'));
  if (!installation) throw new Error('There is no installation to try.');
  await using stage = await Stage.set(installation);
  const deadly = { point: 'step-start', count: 1 } as const;
  const first = await stage.start(deadly);
  await stage.setUp(first);
  await stage.run(first).catch(() => 'The server was killed before it had answered.');
  expect(await first.ended).toBe('SIGKILL');
  for (let time = 1; time <= 5; time++) {
    await stage.lapseLeases();
    expect(await (await stage.start(deadly)).ended).toBe('SIGKILL');
  }
  await stage.lapseLeases();
  const survivor = await stage.start(deadly);
  await stage.settle();
  const [run] = await storedRuns(stage.database);
  expect([run?.state, JSON.parse(run?.error ?? '{}').code]).toEqual(['failed', 'run-interrupted']);
  expect(await stage.brokenInvariants()).toEqual([]);
  expect(survivor.child.exitCode).toBe(null);
});
