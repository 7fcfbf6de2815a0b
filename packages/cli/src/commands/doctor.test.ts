import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-doctor-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe('imaginarium doctor', () => {
  it('says what is due for removal, as words and as JSON, and removes none of it', { timeout: 120_000 }, async () => {
    // Makes the database.
    expect((await runCli(['usage', 'check', '--data', data])).code).toBe(0);
    const id = createHash('sha256').update('forgotten').digest('hex');
    const path = join(data, 'files', id.slice(0, 2), id.slice(2));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'forgotten'.repeat(100_000));
    const longAgo = new Date(Date.now() - 48 * 3_600_000);
    await utimes(path, longAgo, longAgo);
    const env = { IMAGINARIUM_LEGACY_FOLDERS: `${dirname(import.meta.dirname)},/nonexistent/avatars` };
    const doctor = (...args: string[]) => runCli(['doctor', '--port', '0', '--data', data, ...args], env);
    expect((await doctor()).output).toMatch(/✓ leftovers +due for removal.*: 0 runs, 1 file of 0\.9 MB/);
    const findings = JSON.parse((await doctor('--json')).output) as {
      name: string;
      state: string;
      figures?: object;
    }[];
    expect(findings.find(({ name }) => name === 'leftovers')?.figures).toEqual({ runs: 0, files: 1, bytes: 900_000 });
    const folders = findings.filter(({ name }) => name === 'legacy folder');
    expect(folders).toMatchObject([
      { state: 'good' },
      { state: 'bad', message: expect.stringContaining('/nonexistent') },
    ]);
    expect(await readFile(path, 'utf8')).toContain('forgotten');
  });
});
