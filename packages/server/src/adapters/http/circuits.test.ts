import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Circuits, OutageError } from './circuits.ts';

const answer = (status: number) => ({
  status,
  url: 'https://api.acme.com/',
  headers: {},
  body: new Uint8Array(),
  bytes: 0,
});
const place = { workspaceId: 'w', host: 'api.acme.com' };

describe('Circuits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const down = async () => {
    throw new OutageError('api.acme.com cannot be reached.');
  };
  const works = async () => answer(200);

  test('leave a service alone after five failures in a row, for longer each time, and try with one request', async () => {
    const circuits = new Circuits();
    const call = (work: () => Promise<ReturnType<typeof answer>>) =>
      circuits.call(place, work).then(({ status }) => status, String);
    for (let count = 0; count < 4; count++) await call(down);
    // One that works in between: it is not in a row.
    await call(works);
    for (let count = 0; count < 4; count++) expect(await call(down)).toContain('cannot be reached');
    expect(circuits.open()).toEqual(new Map());
    expect(await call(async () => answer(502))).toBe(502);
    expect(circuits.open()).toEqual(new Map([['api.acme.com', 1]]));

    const never = vi.fn(works);
    expect(await call(never)).toBe(
      'RetryLaterError: api.acme.com has failed 5 times in a row; the next try is in 30 s.',
    );
    vi.advanceTimersByTime(29_000);
    await expect(circuits.call(place, never)).rejects.toMatchObject({ name: 'RetryLaterError', afterMs: 1000 });
    vi.advanceTimersByTime(1000);
    expect(await call(down)).toContain('cannot be reached');
    vi.advanceTimersByTime(59_000);
    expect(await call(never)).toContain('the next try is in 1 s');
    expect(never).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);

    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    const probe = vi.fn(() => promise);
    const both = [call(probe), call(never)];
    await vi.advanceTimersByTimeAsync(0);
    expect([probe.mock.calls.length, never.mock.calls.length]).toEqual([1, 0]);
    resolve(answer(200));
    expect(await Promise.all(both)).toEqual([200, 200]);
    expect(circuits.open()).toEqual(new Map());
  });

  test('keep workspaces and hosts apart, and count only what is the fault of the service', async () => {
    const circuits = new Circuits();
    for (let count = 0; count < 5; count++) await circuits.call(place, down).catch(() => undefined);
    expect((await circuits.call({ ...place, workspaceId: 'other' }, works)).status).toBe(200);
    expect((await circuits.call({ ...place, host: 'api.acme.com:8443' }, works)).status).toBe(200);
    const other = { ...place, host: 'b.example.com' };
    for (let count = 0; count < 9; count++) {
      await circuits.call(other, async () => answer([400, 404, 429, 501][count % 4] as number));
      await circuits.call(other, () => Promise.reject(new Error('called off'))).catch(() => undefined);
    }
    expect([...circuits.open().keys()]).toEqual(['api.acme.com']);
  });

  test('keep keys of a workspace apart, and count the workspaces that leave a host alone, not their keys', async () => {
    const circuits = new Circuits();
    const failWith = async (workspaceId: string, keys: string | undefined) => {
      for (let count = 0; count < 5; count++)
        await circuits.call({ ...place, workspaceId, keys }, down).catch(() => undefined);
    };
    await failWith('w', 'one');
    expect((await circuits.call({ ...place, keys: 'two' }, works)).status).toBe(200);
    expect((await circuits.call(place, works)).status).toBe(200);
    await expect(circuits.call({ ...place, keys: 'one' }, works)).rejects.toThrow(
      'api.acme.com has failed 5 times in a row with this key; the next try is in 30 s.',
    );
    await failWith('w', 'three');
    await failWith('w', undefined);
    await failWith('other', 'one');
    expect(circuits.open()).toEqual(new Map([['api.acme.com', 2]]));
  });

  test('are remembered while a host fails, however many keys work meanwhile', async () => {
    const circuits = new Circuits();
    for (let count = 0; count < 5; count++) await circuits.call(place, down).catch(() => undefined);
    for (let count = 0; count < 6000; count++) await circuits.call({ ...place, keys: String(count) }, works);
    await expect(circuits.call(place, works)).rejects.toThrow('the next try is in 30 s');
  });

  test('stay open when a call that began before succeeds late', async () => {
    const circuits = new Circuits();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    const late = circuits.call(place, () => promise);
    for (let count = 0; count < 5; count++) await circuits.call(place, down).catch(() => undefined);
    resolve(answer(200));
    expect((await late).status).toBe(200);
    await expect(circuits.call(place, works)).rejects.toThrow('the next try is in 30 s');
  });

  test('take a try that was called off for none', async () => {
    const circuits = new Circuits();
    for (let count = 0; count < 5; count++) await circuits.call(place, down).catch(() => undefined);
    vi.advanceTimersByTime(30_000);
    await circuits.call(place, () => Promise.reject(new Error('called off'))).catch(() => undefined);
    await expect(circuits.call(place, works)).rejects.toThrow('the next try is in 60 s');
  });
});
