import { expect, it } from 'vitest';
import { RowKeeper } from './row-keeper.ts';

/** A disk whose flushes end when they are told to. */
function aDisk() {
  const done: string[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const flush = async () => {
    const ending = Promise.withResolvers<void>();
    open.push(ending);
    await ending.promise;
    done.push('flushed');
  };
  const note = async (rows: number) => void done.push(`noted ${rows}`);
  return { done, open, keeper: new RowKeeper({ flush }, { note }) };
}

it('goes on while rows are brought to the disk, and notes them only once they are there', async () => {
  const { done, open, keeper } = aDisk();
  await keeper.keep(10);
  expect(done).toEqual([]);
  let second = false;
  const next = keeper.keep(20).then(() => {
    second = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([second, open.length]).toEqual([false, 1]);
  open[0]?.resolve();
  await next;
  expect(done).toEqual(['flushed', 'noted 10']);
  open[1]?.resolve();
  await keeper.all();
  expect(done).toEqual(['flushed', 'noted 10', 'flushed', 'noted 20']);
});

it('tells of a disk that failed with the next rows, and at the end', async () => {
  const { done, open, keeper } = aDisk();
  await keeper.keep(10);
  open[0]?.reject(new Error('no space left'));
  await expect(keeper.keep(20)).rejects.toThrow('no space left');
  await expect(keeper.all()).rejects.toThrow('no space left');
  await keeper[Symbol.asyncDispose]();
  expect(done).toEqual([]);
});
