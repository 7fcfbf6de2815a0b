import { expect, it } from 'vitest';
import { WorkspaceLine } from './workspace-line.ts';

const never = new AbortController().signal;
const isUnruly = (error: unknown) => error instanceof RangeError;

/** A line whose tasks end when the test says so, and the order in which they began. */
function aLine(places: number) {
  const line = new WorkspaceLine(places);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const join = (workspaceId: string, name: string, signal = never) =>
    line.run(
      workspaceId,
      () => {
        begun.push(name);
        return new Promise<string>((resolve, reject) => {
          ends.set(name, (error) => (error ? reject(error) : resolve(name)));
        });
      },
      signal,
      isUnruly,
    );
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, join, end, settle };
}

it('lets one workspace in after the other, and within each the oldest first', async () => {
  const { begun, join, end, settle } = aLine(1);
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1']) void join(name.charAt(0), name);
  await settle();
  for (let at = 0; at < 5; at++) await end(begun[at] as string);
  expect(begun.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  expect(begun.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  // Of three workspaces that wait, each has had one turn before any has its second.
  expect(new Set(begun.slice(1, 4).map((name) => name.charAt(0))).size).toBe(3);
});

it('gives a workspace whose work had to be stopped one place at a time, until some of it ends well', async () => {
  const { begun, join, end, settle } = aLine(2);
  const failed = join('wild', 'w1');
  for (const name of ['w2', 'w3', 'w4']) void join('wild', name);
  await settle();
  expect(begun).toEqual(['w1', 'w2']);
  await Promise.all([expect(failed).rejects.toThrow(RangeError), end('w1', new RangeError('stopped'))]);
  expect(begun).toEqual(['w1', 'w2']);
  void join('good', 'g1');
  await settle();
  expect(begun).toEqual(['w1', 'w2', 'g1']);
  await end('w2');
  await end('g1');
  expect(begun).toEqual(['w1', 'w2', 'g1', 'w3', 'w4']);
});

it('forgets who does not want to wait any more', async () => {
  const { begun, join, end, settle } = aLine(1);
  const controller = new AbortController();
  void join('a', 'a1');
  const waiting = join('b', 'b1', controller.signal);
  void join('b', 'b2');
  await settle();
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await end('a1');
  expect(begun).toEqual(['a1', 'b2']);
});

it('passes on an error that is nothing but an error, and keeps the places', async () => {
  const { begun, join, end, settle } = aLine(1);
  const failed = join('a', 'a1');
  void join('a', 'a2');
  await settle();
  await Promise.all([expect(failed).rejects.toThrow('no'), end('a1', new Error('no'))]);
  expect(begun).toEqual(['a1', 'a2']);
});
