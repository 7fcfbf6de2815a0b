import { MemoryRunStore } from '@imaginarium/engine';
import pg from 'pg';
import { expect, inject, test, vi } from 'vitest';
import { leftOut } from '../../../tests/services/left-out.ts';
import { scratchKinds } from './adapters/typeorm/testing/scratch-databases.ts';
import { loadConfig } from './config.ts';
import { openQueue } from './open-queue.ts';

const postgresUrl = inject('postgresUrl');

const noPostgres = leftOut(postgresUrl, 'PostgreSQL is not installed');

test.skipIf(noPostgres)(
  `says in a sentence that the user of the database may not make the queue${noPostgres}`,
  async () => {
    const scratch = await scratchKinds(postgresUrl)[1]?.create();
    if (!scratch || !('url' in scratch.place)) throw new Error('expected PostgreSQL');
    const admin = new pg.Client({ connectionString: scratch.place.url });
    await admin.connect();
    const url = new URL(scratch.place.url);
    url.username = 'may_not_create';
    try {
      await admin.query('CREATE ROLE may_not_create LOGIN');
      const config = loadConfig({ IMAGINARIUM_QUEUE: 'postgres', IMAGINARIUM_DATABASE_URL: url.href });
      const opening = openQueue(config, { store: new MemoryRunStore(), log: { warn: vi.fn() } });
      await expect(opening).rejects.toThrow(
        /^The queue in PostgreSQL cannot be used: permission denied .* must be allowed to create/,
      );
      const asOwner = { ...config, databaseUrl: scratch.place.url };
      const open = await openQueue(asOwner, { store: new MemoryRunStore(), log: { warn: vi.fn() } });
      await open.close();
    } finally {
      await admin.query('DROP ROLE IF EXISTS may_not_create');
      await admin.end();
      await scratch.remove();
    }
  },
);
