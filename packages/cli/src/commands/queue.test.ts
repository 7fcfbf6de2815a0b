import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printed, runCli, startCli } from '../testing/run-cli.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-queue-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe('imaginarium queue', () => {
  it('pauses and resumes the queue beside a server and without one, and says how it stands', {
    timeout: 120_000,
  }, async () => {
    const queue = async (...args: string[]) => (await runCli(['queue', ...args, '--data', data])).output;
    expect(await queue('pause')).toMatch(
      /^The queue is paused by .+ at a terminal, since .+\n0 queued, .*\nNo worker is there\.\n$/,
    );
    const server = startCli(['start', '--port', '0', '--data', data], { IMAGINARIUM_MEDIA_CONCURRENCY: '1' });
    try {
      await printed(server, /ready at/, 60_000);
      await expect
        .poll(() => queue(), { timeout: 30_000 })
        .toMatch(/The queue is paused.*\n.*\nWorker .+: 0 of \d+ runs; @imaginarium\/nodes-base/);
      expect(await queue('resume')).toMatch(/^The queue is not paused\./);
      expect(JSON.parse(await queue('status', '--json'))).toMatchObject({ paused: null, workspaces: [], missing: [] });
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
    expect(await queue()).toMatch(/No worker is there/);
  });

  it('says that the data folder is not there', async () => {
    const { code, output } = await runCli(['queue', '--data', '/proc/nowhere']);
    expect([code, output]).toEqual([1, expect.stringContaining('cannot be opened')]);
  });
});
