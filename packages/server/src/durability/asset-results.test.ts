import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { samplePng } from '@imaginarium/node-sdk/testing';
import type { Upscale } from '@imaginarium/protocol';
import { expect, test } from 'vitest';
import { brokenBooks } from '../adapters/typeorm/books/check-ledger.ts';
import { type ScratchKind, scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { END_KILL_POINTS } from '../kill-points/kill-points.ts';
import { Stage } from './testing/stage.ts';

const [sqlite] = scratchKinds(null) as [ScratchKind];

test.each(END_KILL_POINTS)(
  'a result comes to its asset, and its webhook is sent, though the server is killed at %s',
  { timeout: 90_000 },
  async (point) => {
    await using stage = await Stage.set(
      { database: sqlite, queue: 'embedded' },
      { packages: ['nodes-base', 'nodes-upscaler'] },
    );
    const first = await stage.start({ point, count: 1 });
    await stage.setUp(first);
    const bytes = samplePng(24, 16);
    await stage.upload(first, 'small.png', new Uint8Array(bytes));
    const versionId = await stage.upscale(first, createHash('sha256').update(bytes).digest('hex'));
    expect(await first.ended).toBe('SIGKILL');
    const stored = await stage.database.read(
      ({ sql }) => sql`
        SELECT r.state, v.ended_at, d.state AS webhook FROM asset_version v JOIN run r ON r.id = v.run_id
        JOIN webhook_delivery d ON d.version_id = v.id`,
    );
    expect(stored).toEqual([{ state: 'succeeded', ended_at: null, webhook: 'waiting' }]);

    const second = await stage.start();
    const look = async () => (await stage.get(second, `/upscales/${versionId}`)) as object as Upscale; // What the route answers.
    let upscale = await look();
    // A try is counted as it begins, and how it went is known a moment later.
    for (let tries = 0; upscale.webhook?.state !== 'dead' && tries < 300; tries++) {
      await wait(100);
      upscale = await look();
    }
    expect(upscale).toMatchObject({
      version: { state: 'succeeded', file: { width: 48, height: 32 } },
      // A private address that nobody allowed: it is given up at once.
      webhook: { state: 'dead', attempts: 1, error: expect.stringContaining('127.0.0.1') },
    });
    expect(await brokenBooks(stage.database)).toEqual([]);
  },
);
