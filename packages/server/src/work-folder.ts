import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Work of another machine that nothing was written to for so long belongs to nobody. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/** The folder for the files of steps at work in this process. */
export function workFolderIn(folder: string): string {
  return join(folder, `${hostname()}-${process.pid}`);
}

/**
 * Removes what steps of processes that died left behind.
 * @param shared whether other processes may be at work in the same folder: then only theirs is kept.
 */
export async function removeAbandonedWork(folder: string, { shared }: { shared: boolean }): Promise<void> {
  if (!shared) return rm(folder, { recursive: true, force: true });
  for (const name of await readdir(folder).catch(() => []))
    if (await isAbandoned(folder, name)) await rm(join(folder, name), { recursive: true, force: true });
}

async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const [, host, pid] = /^(.+)-(\d+)$/.exec(name) ?? [];
  // A process of this machine that is gone, or that had the number which is ours now.
  if (host === hostname()) return Number(pid) === process.pid || !isAlive(Number(pid));
  const stats = await stat(join(folder, name)).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > FORGOTTEN_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
