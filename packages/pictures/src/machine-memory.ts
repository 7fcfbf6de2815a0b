import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { groupMemory } from './cgroup-memory.ts';

const MEGABYTE = 1e6;

/** Memory of this machine, or of the container that this process may use, in megabytes. @param root as {@link groupMemory} takes it. */
export function machineMemoryMb(root?: string): number {
  return Math.floor(Math.min(totalmem(), groupMemory(root)?.limit ?? Number.POSITIVE_INFINITY) / MEGABYTE);
}

/** Memory that is free now on this machine or in this container, with what the system would give up, in megabytes. */
export function freeMemoryMb(root = '/'): number {
  return Math.min(freeOfMachine(root), groupMemory(root)?.free ?? Number.POSITIVE_INFINITY) / MEGABYTE;
}

/** Bytes. Linux says what could be had without anybody being moved to disk; elsewhere what nobody uses is all that is known. */
function freeOfMachine(root: string): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync(join(root, 'proc/meminfo'), 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not a Linux system.
  }
  return freemem();
}
