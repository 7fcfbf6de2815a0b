import { join } from 'node:path';
import { readGroups, textOf } from './cgroups.ts';

/** What a container, or any other group of processes, may use of the machine's memory. Bytes. */
export interface GroupMemory {
  /** The most it may use. */
  limit: number;
  /** What it may use beyond what it holds now. Files that are only kept in memory for the next who reads them count as free. */
  free: number;
}

/**
 * Reads the limits that the kernel holds this process to, its own and those of the groups around it: the tightest of each counts.
 * Node's own figures take files in memory for used: after a large one was written, nothing would be free in a container.
 * @param root the root of the file system; another one in tests.
 * @returns undefined where there is no limit, or no such system.
 */
export function groupMemory(root = '/'): GroupMemory | undefined {
  const found = readGroups(root, 'memory', readUnified, readLegacy);
  if (found.length === 0) return undefined;
  return {
    limit: Math.min(...found.map(({ limit }) => limit)),
    free: Math.max(0, Math.min(...found.map(({ free }) => free))),
  };
}

/** Version 2: one tree for all controllers. */
function readUnified(folder: string): GroupMemory | undefined {
  const limits = ['memory.max', 'memory.high'].flatMap((name) => numberIn(join(folder, name)) ?? []);
  const used = numberIn(join(folder, 'memory.current'));
  if (limits.length === 0 || used === undefined) return undefined;
  const limit = Math.min(...limits);
  return { limit, free: limit - used + reclaimable(folder, ['inactive_file', 'active_file', 'slab_reclaimable']) };
}

/** No limit is a number here, near the largest there is. */
const NO_LIMIT = 2 ** 60;

/** Version 1: a tree of its own. */
function readLegacy(folder: string): GroupMemory | undefined {
  const limit = numberIn(join(folder, 'memory.limit_in_bytes'));
  const used = numberIn(join(folder, 'memory.usage_in_bytes'));
  if (limit === undefined || limit >= NO_LIMIT || used === undefined) return undefined;
  return { limit, free: limit - used + reclaimable(folder, ['total_inactive_file', 'total_active_file']) };
}

function reclaimable(folder: string, names: readonly string[]): number {
  const stat = textOf(join(folder, 'memory.stat')) ?? '';
  return names.reduce((sum, name) => sum + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0), 0);
}

/** Undefined for a file that is not there, and for `max`, which is no limit. */
function numberIn(path: string): number | undefined {
  const text = textOf(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
