import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freeMemoryMb, machineMemoryMb } from './machine-memory.ts';

const MB = 1e6;

/** A file system as the kernel shows it to a process, with nothing but these files. */
async function aSystem(files: Record<string, string | number>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'imaginarium-system-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({
    'proc/meminfo': 'MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n',
    ...files,
  })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${text}\n`);
  }
  return root;
}

const group = (path: string, max: string | number, usedMb: number, cachedMb = 0) => ({
  [`sys/fs/cgroup/${path}memory.max`]: max,
  [`sys/fs/cgroup/${path}memory.current`]: usedMb * MB,
  [`sys/fs/cgroup/${path}memory.stat`]: `anon 1\ninactive_file ${cachedMb * MB}\nactive_file 0\nslab_reclaimable 0`,
});

describe('freeMemoryMb', () => {
  it('is what the machine could give, where nothing limits this process', async () => {
    const free = await aSystem({ 'proc/self/cgroup': '0::/user.slice', ...group('user.slice/', 'max', 100) });
    expect(freeMemoryMb(free)).toBeCloseTo(8192, 6);
    expect(freeMemoryMb(await aSystem({}))).toBeCloseTo(8192, 6);
    expect(machineMemoryMb(free)).toBe(Math.floor(totalmem() / MB));
  });

  it('is what the container has left, and files in memory count as free', async () => {
    const root = await aSystem({ 'proc/self/cgroup': '0::/', ...group('', 2000 * MB, 1900, 1200) });
    expect(freeMemoryMb(root)).toBe(1300);
    expect(machineMemoryMb(root)).toBe(2000);
  });

  it('is never more than any group around has left', async () => {
    const root = await aSystem({
      'proc/self/cgroup': '0::/pods/one',
      ...group('pods/one/', 4000 * MB, 500),
      ...group('pods/', 3000 * MB, 2800),
      'sys/fs/cgroup/pods/memory.high': 2900 * MB,
    });
    expect(freeMemoryMb(root)).toBe(100);
    expect(machineMemoryMb(root)).toBe(2900);
  });

  it('is found in a container that sees its group at the mount, whatever the host calls it', async () => {
    const root = await aSystem({
      'proc/self/cgroup': '0::/system.slice/docker-12.scope',
      ...group('', 1000 * MB, 400),
    });
    expect(freeMemoryMb(root)).toBe(600);
  });

  it('is read from the older tree too, where no limit is a very large number', async () => {
    const legacy = (limit: string | number) => ({
      'proc/self/cgroup': '5:cpu,cpuacct:/a\n4:memory:/a\n0::/b',
      'sys/fs/cgroup/memory/a/memory.limit_in_bytes': limit,
      'sys/fs/cgroup/memory/a/memory.usage_in_bytes': 700 * MB,
      'sys/fs/cgroup/memory/a/memory.stat': `cache 9\ntotal_inactive_file ${200 * MB}\ntotal_active_file ${100 * MB}`,
    });
    expect(freeMemoryMb(await aSystem(legacy(1000 * MB)))).toBe(600);
    expect(freeMemoryMb(await aSystem(legacy('9223372036854771712')))).toBeCloseTo(8192, 6);
  });

  it('is nothing, not less, where a group holds more than it may', async () => {
    expect(freeMemoryMb(await aSystem({ 'proc/self/cgroup': '0::/', ...group('', 500 * MB, 600) }))).toBe(0);
  });
});
