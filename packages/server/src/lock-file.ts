import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock, as far as it says so. */
export interface LockHolder {
  host: string;
  pid: string;
}

/**
 * Keeps two processes from the same work: a file that says who is at it, removed when disposed. One that a process of this machine left
 * behind when it died is taken over.
 * @param busy makes the error that is thrown when another process is at it; without a holder where it has just begun.
 */
export async function lockFile(
  path: string,
  busy: (holder: LockHolder | undefined) => Error,
): Promise<AsyncDisposable> {
  const own = `${hostname()} ${process.pid}`;
  for (let tries = 0; tries < 2; tries++) {
    try {
      await using file = await open(path, 'wx');
      await file.writeFile(own);
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [host, pid] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
      if (host !== hostname() || isAlive(Number(pid))) throw busy({ host: host || 'unknown', pid: pid || 'unknown' });
      await rm(path, { force: true });
    }
  }
  throw busy(undefined);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
