import { randomUUID } from 'node:crypto';
import type { UsageBy } from '@imaginarium/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { spend } from '../testing/spend.ts';
import { RunCredits } from './run-credits.ts';
import { SqlUsageDays } from './usage-days.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';
import { SqlWorkspaceUsage } from './workspace-usage.ts';

const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
const nothing = { steps: 0, items: 0, credits: 0, refunded: 0, durationMs: 0 };

/** A run that is charged one step. */
interface Used {
  at: string;
  credits: number;
  type?: string;
  items?: number;
  workflowId?: string;
  person?: string;
}

describe.each(scratchKinds(inject('postgresUrl')))('usage on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let workspaceId: string;
  let workflowId: string;
  let usage: SqlWorkspaceUsage;
  let days: SqlUsageDays;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
  });
  afterAll(() => remove());
  beforeEach(async () => {
    workspaceId = randomUUID();
    workflowId = randomUUID();
    await seedWorkspace(database, workspaceId, workflowId);
    await unlimited.open(database, workspaceId, '2026-01-01T00:00:00.000Z');
    usage = new SqlWorkspaceUsage(database, workspaceId);
    days = new SqlUsageDays(database, 3);
  });

  const use = ({ at, credits, type = 'upscaler.standard', items = 1, ...of }: Used): Promise<string> =>
    spend(database, unlimited, {
      ...{ workspaceId, credits, at, workflowId: of.workflowId ?? workflowId, createdBy: of.person ?? 'ada' },
      charge: { type, use: { version: 1, items, durationMs: 10, pool: 'media' } },
    });
  const refund = (runId: string, amount: number, at: string) =>
    new SqlWorkspaceCredits(database, workspaceId, unlimited, () => Date.parse(at)).refund(runId, {
      ...{ amount, actor: 'ada', reason: 'Not good', idempotencyKey: randomUUID() },
    });
  const by = async (what: UsageBy, range = { from: '2026-01-01', to: '2026-12-31' }) =>
    (await usage.figures({ by: what, ...range })).rows;
  const countAll = async () => {
    while ((await days.count()) > 0);
  };

  test('adds up what was charged by day, workflow, node type and person, counted or not', async () => {
    await use({ at: '2026-11-01T23:59:59.999Z', credits: 15, items: 2 });
    await use({ at: '2026-11-02T00:00:00.000Z', credits: 75, type: 'upscaler.billboard', person: 'bob' });
    const check = async () => {
      const sums = { steps: 1, refunded: 0, durationMs: 10 };
      const none = { day: null, workflow: null, nodeType: null, person: null };
      expect(await by('day')).toEqual([
        { ...none, ...sums, day: '2026-11-01', items: 2, credits: 15 },
        { ...none, ...sums, day: '2026-11-02', items: 1, credits: 75 },
      ]);
      const workflow = { id: workflowId, name: 'Photo to carousel' };
      expect(await by('workflow')).toEqual([
        { ...none, workflow, steps: 2, items: 3, credits: 90, refunded: 0, durationMs: 20 },
      ]);
      expect((await by('type')).map(({ nodeType, credits }) => [nodeType, credits])).toEqual([
        ['upscaler.billboard', 75],
        ['upscaler.standard', 15],
      ]);
      expect((await by('person')).map(({ person, credits }) => [person?.id, credits])).toEqual([
        ['bob', 75],
        ['ada', 15],
      ]);
      expect((await by('day-type', { from: '2026-11-02', to: '2026-11-02' })).map((row) => row.nodeType)).toEqual([
        'upscaler.billboard',
      ]);
      const some = await usage.figures({ by: 'day', from: '2026-11-01', to: '2026-11-30', person: 'bob' });
      expect(some.total).toEqual({ steps: 1, items: 1, credits: 75, refunded: 0, durationMs: 10 });
    };
    await check();
    await countAll();
    await check();
    expect(await days.differences()).toEqual([]);
  });

  test('counts a refund on its own day, for the workflow and person of its run', async () => {
    const run = await use({ at: '2026-11-01T10:00:00.000Z', credits: 15 });
    await countAll();
    await refund(run, 5, '2026-11-03T10:00:00.000Z');
    expect((await by('day')).map(({ day, credits, refunded }) => [day, credits, refunded])).toEqual([
      ['2026-11-01', 15, 0],
      ['2026-11-03', 0, 5],
    ]);
    await countAll();
    expect(await by('person')).toMatchObject([{ person: { id: 'ada' }, credits: 15, refunded: 5 }]);
    expect(await days.differences()).toEqual([]);
  });

  test('counts what comes late into the day it belongs to', async () => {
    await use({ at: '2026-11-05T10:00:00.000Z', credits: 15 });
    await countAll();
    await use({ at: '2026-11-01T10:00:00.000Z', credits: 10 });
    await countAll();
    expect((await by('day')).map(({ day, credits }) => [day, credits])).toEqual([
      ['2026-11-01', 10],
      ['2026-11-05', 15],
    ]);
  });

  test('counts each charge once, however many count at the same moment', async () => {
    for (let made = 0; made < 20; made++) await use({ at: '2026-11-01T10:00:00.000Z', credits: 1 });
    const counts = await Promise.all(Array.from({ length: 12 }, () => new SqlUsageDays(database, 5).count()));
    expect(counts.every((count) => count <= 5)).toBe(true);
    await countAll();
    expect(await by('day')).toMatchObject([{ steps: 20, credits: 20 }]);
    expect(await days.differences()).toEqual([]);
  });

  test('tells a figure that differs from the ledger by name, and adds it up anew', async () => {
    await use({ at: '2026-11-01T10:00:00.000Z', credits: 15 });
    await countAll();
    await database.write(({ sql }) => sql`UPDATE usage_day SET credits = 60 WHERE workspace_id = ${workspaceId}`);
    expect(await days.differences()).toEqual([
      `The usage of workspace ${workspaceId} on 2026-11-01, workflow ${workflowId}, upscaler.standard, person ada: its day and the ledger say 60 and 15 for credits.`,
    ]);
    await use({ at: '2026-11-02T10:00:00.000Z', credits: 10 });
    expect(await days.rebuild()).toBeGreaterThan(1);
    expect(await days.differences()).toEqual([]);
    await countAll();
    expect((await by('day')).map(({ credits }) => credits)).toEqual([15, 10]);
  });

  test('loses and repeats nothing that is charged while the figures are added up anew', {
    timeout: 60_000,
  }, async () => {
    const at = '2026-11-01T10:00:00.000Z';
    await Promise.all([
      ...Array.from({ length: 20 }, () => use({ at, credits: 1 })),
      days.rebuild(),
      days.count(),
      days.rebuild(),
      ...Array.from({ length: 20 }, () => use({ at, credits: 1 })),
    ]);
    await countAll();
    expect(await by('day')).toMatchObject([{ steps: 40, credits: 40 }]);
    expect(await days.differences()).toEqual([]);
  });

  test('shows nothing of another workspace', async () => {
    await use({ at: '2026-11-01T10:00:00.000Z', credits: 15 });
    const other = randomUUID();
    await seedWorkspace(database, other, randomUUID());
    const figures = await new SqlWorkspaceUsage(database, other).figures({
      ...{ by: 'day', from: '2026-01-01', to: '2026-12-31' },
    });
    expect(figures).toEqual({ rows: [], total: nothing });
  });

  test('comes to what the ledger says, whatever is charged, refunded, counted, and dies in between', {
    timeout: 120_000,
  }, async () => {
    const day = fc.integer({ min: 1, max: 3 });
    const act = fc.oneof(
      fc.record({
        ...{ type: fc.constant('use' as const), day, credits: fc.integer({ min: 1, max: 50 }) },
        ...{ node: fc.constantFrom('a.one', 'a.two'), person: fc.constantFrom('ada', 'bob') },
      }),
      fc.record({ type: fc.constant('refund' as const), day, run: fc.nat(5) }),
      fc.record({ type: fc.constant('count' as const), dies: fc.boolean() }),
      fc.record({ type: fc.constant('rebuild' as const), dies: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
        workspaceId = randomUUID();
        workflowId = randomUUID();
        await seedWorkspace(database, workspaceId, workflowId);
        await unlimited.open(database, workspaceId, '2026-01-01T00:00:00.000Z');
        usage = new SqlWorkspaceUsage(database, workspaceId);
        const expected = { steps: 0, credits: 0, refunded: 0 };
        const runs: string[] = [];
        for (const happening of acts) {
          const at = `2026-11-0${'day' in happening ? happening.day : 1}T10:00:00.000Z`;
          if (happening.type === 'use') {
            const { credits, node, person } = happening;
            runs.push(await use({ at, credits, type: node, person }));
            expected.steps += 1;
            expected.credits += credits;
          } else if (happening.type === 'refund') {
            const run = runs[happening.run];
            if (run === undefined) continue;
            runs.splice(happening.run, 1);
            await refund(run, 1, at);
            expected.refunded += 1;
          } else {
            const doomed = happening.dies ? dying(database) : database;
            await new SqlUsageDays(doomed, 2)[happening.type]().catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
          }
          const { rows, total } = await usage.figures({ by: 'day', from: '2026-11-01', to: '2026-11-30' });
          expect(total).toMatchObject(expected);
          expect(rows.reduce((sum, row) => sum + row.credits, 0)).toBe(expected.credits);
        }
        await countAll();
        expect(await days.differences()).toEqual([]);
        const { total } = await usage.figures({ by: 'person', from: '2026-11-01', to: '2026-11-30' });
        expect(total).toMatchObject(expected);
      }),
      { numRuns: kind.name === 'SQLite' ? 50 : 30 },
    );
  });
});

class Crash extends Error {}

/** A database of a process that dies before anything it writes is stored. */
function dying(database: Database): Database {
  return {
    ...database,
    write: (work) =>
      database.write(async (transaction) => {
        await work(transaction);
        throw new Crash();
      }),
  };
}
