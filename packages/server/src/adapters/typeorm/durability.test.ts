import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { openDatabase } from './database/data-source.ts';
import type { Database } from './database/database.ts';
import { migrations } from './migrations/migrations.ts';
import { type ScratchDatabase, scratchKinds } from './testing/scratch-databases.ts';
import { seedWorkspace } from './testing/seed.ts';

const program = fileURLToPath(new URL('testing/accept-runs.ts', import.meta.url));

/** Starts the program; `killAfter` is the number of lines after which it is killed. @returns the lines it told whole. */
function lines(scratch: ScratchDatabase, rest: string[], killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const child = spawn(process.execPath, [program, '--place', JSON.stringify(scratch.place), ...rest]);
  let told = '';
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0 && code !== null) reject(new Error(`The program ended with ${code}: ${complaint}`));
      else resolve(told.split('\n').slice(0, -1));
    });
  });
}

describe.each(scratchKinds(inject('postgresUrl')))('processes on $name', (kind) => {
  let scratch: ScratchDatabase;
  let database: Database | undefined;
  afterEach(async () => {
    await database?.close();
    database = undefined;
    await scratch.remove();
  });

  test('keeps every run that was told as accepted before the process was killed', async () => {
    scratch = await kind.create();
    const [workspaceId, workflowId] = [randomUUID(), randomUUID()];
    const first = await openDatabase(scratch.place);
    await seedWorkspace(first, workspaceId, workflowId);
    await first.close();
    const [, ...accepted] = await lines(scratch, ['--workspace', workspaceId, '--workflow', workflowId], 150);
    expect(accepted.length).toBeGreaterThan(100);
    database = await openDatabase(scratch.place);
    const idsIn = async (table: 'run' | 'run_outbox') => {
      const rows = await database?.read(({ sql }) =>
        table === 'run'
          ? sql<{ id: string }>`SELECT id FROM run`
          : sql<{ id: string }>`SELECT run_id AS id FROM run_outbox`,
      );
      return rows?.map((row) => row.id).sort() ?? [];
    };
    const stored = await idsIn('run');
    expect(accepted.filter((id) => !stored.includes(id))).toEqual([]);
    expect(await idsIn('run_outbox')).toEqual(stored);
  });

  const nothingBegins = leftOut(kind.name === 'SQLite', 'only on SQLite do runs begin before they are stored');
  test.skipIf(nothingBegins)(
    `keeps the end of every run that began before it was stored and was told as ended before the process was killed${nothingBegins}`,
    async () => {
      scratch = await kind.create();
      const [workspaceId, workflowId] = [randomUUID(), randomUUID()];
      const first = await openDatabase(scratch.place);
      await seedWorkspace(first, workspaceId, workflowId);
      await first.close();
      const place = ['--workspace', workspaceId, '--workflow', workflowId];
      const [, ...ended] = await lines(scratch, [...place, '--ended'], 150);
      expect(ended.length).toBeGreaterThan(100);
      database = await openDatabase(scratch.place);
      const runs = await database.read(
        ({ sql }) => sql<{ id: string; state: string; events: number }>`
          SELECT id, state, (SELECT SUM(to_seq) FROM run_journal j WHERE j.run_id = run.id) AS events FROM run`,
      );
      const stored = new Set(runs.map(({ id }) => id));
      expect(ended.filter((id) => !stored.has(id))).toEqual([]);
      // Of no run there is a half: neither its end without what happened in it, nor its beginning.
      expect([...new Set(runs.map(({ state, events }) => `${state} ${events}`))]).toEqual(['succeeded 1']);
    },
  );

  test('migrates once when processes start together on an empty database', async () => {
    scratch = await kind.create();
    const told = await Promise.all([1, 2, 3].map(() => lines(scratch, [])));
    expect(told).toEqual([['open'], ['open'], ['open']]);
    database = await openDatabase(scratch.place);
    const applied = await database.read(({ sql }) => sql`SELECT name FROM schema_migration`);
    expect(applied).toHaveLength(migrations.length);
  });
});
