import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasProcessorQuota } from './processor-quota.ts';

async function rootWith(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'imaginarium-groups-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

it('knows a share of the processor from all of it, in both versions, and in groups around', async () => {
  const unified = { 'proc/self/cgroup': '0::/a/b\n' };
  const legacy = { 'proc/self/cgroup': '4:memory:/c\n1:cpu:/c\n' };
  const has = async (files: Record<string, string>) => hasProcessorQuota(await rootWith(files));
  expect(await has({ ...unified, 'sys/fs/cgroup/a/b/cpu.max': 'max 100000\n' })).toBe(false);
  expect(await has({ ...unified, 'sys/fs/cgroup/a/cpu.max': '150000 100000\n' })).toBe(true);
  expect(await has({ ...legacy, 'sys/fs/cgroup/cpu/c/cpu.cfs_quota_us': '-1\n' })).toBe(false);
  expect(await has({ ...legacy, 'sys/fs/cgroup/cpu/c/cpu.cfs_quota_us': '50000\n' })).toBe(true);
  expect(await has({})).toBe(false);
});
