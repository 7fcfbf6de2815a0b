import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkBudget, type WorkNeeds } from './work-budget.ts';

const never = new AbortController().signal;
const BUDGET_MB = 1000;
const PLACES = { media: 3 };

const needsOf = fc.record({
  pool: fc.constantFrom<string | null>('media', null),
  memoryMb: fc.integer({ min: 0, max: 1500 }),
  nodeType: fc.constantFrom('a', 'b'),
});
/** A node type has one limit, whoever asks. */
const limited = (needs: Omit<WorkNeeds, 'concurrency'>): WorkNeeds => ({
  ...needs,
  concurrency: needs.nodeType === 'a' ? 2 : undefined,
});

/** Calls that are asked for one after another on a clock of their own; each works for some ticks. */
async function play(calls: readonly { needs: WorkNeeds; ticks: number; at: number }[], patienceMs: number) {
  let now = 0;
  const budget = new WorkBudget({ memoryMb: BUDGET_MB, places: PLACES, patienceMs, now: () => now });
  const atWork = new Set<{ needs: WorkNeeds; until: number; leave: () => void }>();
  const waits: number[] = [];
  const sums: { memoryMb: number; media: number; a: number }[] = [];
  let left = calls.length;
  for (; left > 0 && now < 100_000; now++) {
    for (const call of calls.filter(({ at }) => at === now)) {
      const asked = now;
      void budget
        .take(call.needs, never, () => undefined)
        .then((leave) => {
          atWork.add({ needs: call.needs, until: now + call.ticks, leave });
          waits.push(now - asked);
        });
    }
    await new Promise((resolve) => setImmediate(resolve));
    const needs = [...atWork].map((each) => each.needs);
    sums.push({
      memoryMb: needs.reduce((sum, { memoryMb }) => sum + Math.min(memoryMb, BUDGET_MB), 0),
      media: needs.filter(({ pool }) => pool === 'media').length,
      a: needs.filter(({ nodeType }) => nodeType === 'a').length,
    });
    for (const work of atWork) {
      if (work.until > now) continue;
      atWork.delete(work);
      work.leave();
      left--;
    }
  }
  return { waits, sums, left };
}

describe('WorkBudget', () => {
  it('never lets in more than memory, places and the limits of node types allow, and everybody in the end', async () => {
    const call = fc.record({
      needs: needsOf.map(limited),
      ticks: fc.integer({ min: 0, max: 5 }),
      at: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 25 }),
        fc.integer({ min: 0, max: 30 }),
        async (calls, patienceMs) => {
          const { sums, left, waits } = await play(calls, patienceMs);
          expect([left, waits.length]).toEqual([0, calls.length]);
          for (const sum of sums) {
            expect(sum.memoryMb).toBeLessThanOrEqual(BUDGET_MB);
            expect(sum.media).toBeLessThanOrEqual(PLACES.media);
            expect(sum.a).toBeLessThanOrEqual(2);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('lets one that needs much wait no longer than its patience and the longest work, whoever else comes', async () => {
    await fc.assert(
      fc.asyncProperty(needsOf.map(limited), fc.integer({ min: 1, max: 4 }), async (big, ticks) => {
        const PATIENCE = 10;
        const others = Array.from({ length: 120 }, (_, at) =>
          [300, 300, 300].map((memoryMb, index) => ({
            needs: limited({ pool: index === 0 ? 'media' : null, memoryMb, nodeType: index === 1 ? 'a' : 'b' }),
            ...{ ticks, at },
          })),
        ).flat();
        const asked = { needs: big, ticks, at: 5 };
        let now = 0;
        const budget = new WorkBudget({ memoryMb: BUDGET_MB, places: PLACES, patienceMs: PATIENCE, now: () => now });
        const ends = new Map<number, (() => void)[]>();
        let began: number | undefined;
        for (; now < 110 && began === undefined; now++) {
          for (const call of [...others, asked].filter(({ at }) => at === now))
            void budget
              .take(call.needs, never, () => undefined)
              .then((leave) => {
                if (call === asked) began = now;
                ends.set(now + ticks, [...(ends.get(now + ticks) ?? []), leave]);
              });
          await new Promise((resolve) => setImmediate(resolve));
          for (const leave of ends.get(now) ?? []) leave();
          ends.delete(now);
        }
        // Those that came before it have waited as long as it has: they go first, and each takes its time.
        expect(began).toBeLessThanOrEqual(5 + PATIENCE + 2 + 18 * (ticks + 1));
      }),
      { numRuns: 30 },
    );
  });

  it('lets who needs little pass who needs much, until that one has waited long enough', async () => {
    let now = 0;
    const budget = new WorkBudget({ memoryMb: 1000, places: {}, patienceMs: 100, now: () => now });
    const take = (memoryMb: number, told: string[] = []) =>
      budget.take({ pool: 'media', memoryMb, nodeType: 'x' }, never, (message) => told.push(message));
    const leaveFirst = await take(600);
    const told: string[] = [];
    let isIn = false;
    const big = take(900, told).then((leave) => {
      isIn = true;
      return leave;
    });
    expect(told).toEqual(['Waits for memory: it needs 900 MB, and others use 600 of 1000 MB.']);
    const leaveSmall = await take(300);
    leaveSmall();
    now = 100;
    let passed = false;
    const late = take(300).then((leave) => {
      passed = true;
      return leave;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([passed, isIn, budget.load()]).toEqual([
      false,
      false,
      [{ pool: 'media', running: 1, memoryMb: 600, waiting: 2 }],
    ]);
    leaveFirst();
    (await big)();
    (await late)();
    expect(budget.load()).toEqual([{ pool: 'media', running: 0, memoryMb: 0, waiting: 0 }]);
  });

  it('gives back nothing twice when one is given up that waits', async () => {
    const budget = new WorkBudget({ memoryMb: 100, places: {} });
    const needs = { pool: 'media', memoryMb: 100, nodeType: 'x' };
    const leave = await budget.take(needs, never, () => undefined);
    const stop = new AbortController();
    const given = budget.take(needs, stop.signal, () => undefined);
    const next = budget.take(needs, never, () => undefined);
    stop.abort(new Error('cancelled'));
    await expect(given).rejects.toThrow('cancelled');
    leave();
    (await next)();
    expect(budget.load()).toEqual([{ pool: 'media', running: 0, memoryMb: 0, waiting: 0 }]);
  });

  it('keeps what was promised to calls that have not taken it yet: those that begin at once share what is free', async () => {
    let [free, held] = [1000, 0];
    const budget = new WorkBudget({ memoryMb: 10_000, places: {}, freeMb: () => free, heldMb: () => held });
    const needs = { pool: 'media', memoryMb: 400, nodeType: 'x' };
    let inside = 0;
    const leaves = Array.from({ length: 4 }, () =>
      budget
        .take(needs, never, () => undefined)
        .then((leave) => {
          inside++;
          return leave;
        }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(inside).toBe(2);
    // What they take is no longer free, and no longer promised: nothing changes for the others.
    [free, held] = [200, 800];
    (await leaves[0])?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(inside).toBe(2);
    [free, held] = [600, 400];
    (await leaves[1])?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(inside).toBe(4);
    for (const leave of leaves.slice(2)) (await leave)();
  });

  it('lets nothing more in than the machine has memory for, but one when nothing else is at work', async () => {
    let free = 50;
    const budget = new WorkBudget({ memoryMb: 1000, places: {}, freeMb: () => free });
    const needs = { pool: 'media', memoryMb: 200, nodeType: 'x' };
    const leave = await budget.take(needs, never, () => undefined);
    const told: string[] = [];
    const second = budget.take(needs, never, (message) => told.push(message));
    expect(told).toEqual([
      'Waits for memory: it needs 200 MB, and the machine has less free or keeps it for another step.',
    ]);
    free = 500;
    (await second)();
    leave();
  });
});
