import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Work of another machine that nothing was written to for so long belongs to nobody. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/** The folder for the files of steps at work in this process. */
export function workFolderIn(folder: string): string {
  return join(folder, `${hostname()}-${process.pid}`);
}

/** The folder for work of one call of a run that outlives the process. Calls have names that no path could have. */
export function lastingFolderFor(folder: string, runId: string, call: string): string {
  return join(folder, `${runId}.${createHash('sha256').update(call).digest('hex').slice(0, 32)}`);
}

/**
 * Removes lasting work that nobody went on with for a day, and whose run has ended or is gone. A run that waits goes on with it after
 * any time.
 * @param unended gives, of these ids, those of runs that have not ended.
 */
export async function removeForgottenWork(
  folder: string,
  unended: (runIds: readonly string[]) => Promise<readonly string[]>,
): Promise<void> {
  const old: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) if (await isForgotten(join(folder, name))) old.push(name);
  const runOf = (name: string) => name.split('.', 1)[0] ?? name;
  const kept = new Set(await unended([...new Set(old.map(runOf))]));
  for (const name of old) if (!kept.has(runOf(name))) await rm(join(folder, name), { recursive: true, force: true });
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
  return isForgotten(join(folder, name));
}

async function isForgotten(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
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
