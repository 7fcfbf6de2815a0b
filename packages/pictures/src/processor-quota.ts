import { join } from 'node:path';
import { readGroups, textOf } from './cgroups.ts';

/**
 * Whether a container, or any other group of processes, may use the processor for a share of the time only.
 * @param root the root of the file system; another one in tests.
 */
export function hasProcessorQuota(root = '/'): boolean {
  const unified = (folder: string) => /^\d/.test(textOf(join(folder, 'cpu.max')) ?? '');
  const legacy = (folder: string) => Number(textOf(join(folder, 'cpu.cfs_quota_us')) ?? -1) > 0;
  return readGroups(root, 'cpu', unified, legacy).some(Boolean);
}
