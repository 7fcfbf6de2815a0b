import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-usage-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe('imaginarium usage', () => {
  it('says which figure differs from the ledger, and adds it up anew', { timeout: 120_000 }, async () => {
    const run = (...args: string[]) => runCli([...args, '--data', data]);
    expect(await run('usage', 'check')).toEqual({ code: 0, output: 'Usage agrees with the ledger.\n' });
    const database = new DatabaseSync(join(data, 'imaginarium.sqlite'));
    database.exec(`
      INSERT INTO workspace (id, name, created_at) VALUES ('w', 'Images', '2026-01-01T00:00:00.000Z');
      INSERT INTO usage_day (workspace_id, day, workflow_id, node_type, person, steps, items, credits, refunded, duration_ms)
      VALUES ('w', '2026-11-01', 'flow', 'upscaler.standard', 'ada', 1, 1, 15, 0, 20)`);
    database.close();
    const differs = await run('usage', 'check');
    expect(differs.code).toBe(1);
    expect(differs.output).toMatch(/workspace w on 2026-11-01, .*the ledger say 15 and 0 for credits/);
    expect((await run('doctor', '--port', '0')).output).toMatch(
      /✗ credit books +The usage of workspace w.*\n +imaginarium usage rebuild/,
    );
    expect((await run('usage', 'rebuild')).output).toBe('Usage was added up anew from the ledger: 0 days.\n');
    expect((await run('usage', 'check')).code).toBe(0);
    expect((await run('doctor', '--port', '0')).output).toMatch(/✓ credit books +add up, and usage agrees with them/);
  });

  it('leaves a data folder alone in which there is nothing when the machine is checked', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'imaginarium-empty-'));
    const { output } = await runCli(['doctor', '--port', '0', '--data', empty]);
    expect(output).toMatch(/✓ credit books +made or brought up to date by the next start/);
    await rm(empty, { recursive: true });
  });
});
