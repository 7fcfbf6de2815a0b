import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';
import { SqlUseStore } from './use-store.ts';

const START = Date.parse('2026-11-21T12:00:00.000Z');
const use = { userId: 'ada', what: 'workflow', amount: 1, most: 3, windowMs: 60_000 };

describe.each(scratchKinds(inject('postgresUrl')))('SqlUseStore on $name', (kind) => {
  let now: number;
  let store: SqlUseStore;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    now = START;
    const scratch = await openScratch(kind);
    remove = scratch.remove;
    store = new SqlUseStore(scratch.database, () => now);
  });
  afterEach(() => remove());

  test('counts up to what a window allows, then says how much is used and how long to wait', async () => {
    expect(await store.take({ ...use, amount: 2 })).toBeUndefined();
    now += 20_000;
    expect(await store.take({ ...use, amount: 2 })).toEqual({ used: 2, waitMs: 40_000 });
    expect(await store.take(use)).toBeUndefined();
    expect(await store.take(use)).toEqual({ used: 3, waitMs: 40_000 });
    now = START + 60_000;
    expect(await store.take(use)).toBeUndefined();
    now += 1;
    expect(await store.take({ ...use, amount: 3 })).toEqual({ used: 1, waitMs: 59_999 });
  });

  test('counts each person and each thing on its own', async () => {
    expect(await store.take({ ...use, amount: 3 })).toBeUndefined();
    expect(await store.take({ ...use, userId: 'bob', amount: 3 })).toBeUndefined();
    expect(await store.take({ ...use, what: 'items', amount: 3 })).toBeUndefined();
    expect(await store.take(use)).toEqual({ used: 3, waitMs: 60_000 });
  });

  test('counts exactly what fits of many at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.take(use)));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(3);
  });

  test('takes back what did not happen, and never goes below nothing', async () => {
    await store.take({ ...use, amount: 3 });
    await store.giveBack({ ...use, amount: 1 });
    expect(await store.take({ ...use, amount: 2 })).toEqual({ used: 2, waitMs: 60_000 });
    await store.giveBack({ ...use, amount: 9 });
    expect(await store.take({ ...use, amount: 3 })).toBeUndefined();
    expect(await store.take(use)).toEqual({ used: 3, waitMs: 60_000 });
    await store.giveBack({ ...use, userId: 'nobody' });
  });

  test('lets nobody wait longer than a window after the clock went back', async () => {
    now = START + 24 * 60 * 60 * 1000;
    await store.take({ ...use, amount: 3 });
    now = START;
    expect(await store.take(use)).toBeUndefined();
    expect(await store.take({ ...use, amount: 3 })).toEqual({ used: 1, waitMs: 60_000 });
  });
});
