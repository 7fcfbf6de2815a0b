import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ModelError } from './model-error.ts';

/**
 * Keeps two processes from writing to the same file: a lock beside it with who holds it. One that a process of this machine left behind
 * when it died is taken over.
 * @throws {ModelError} `model-busy` when another process is at it.
 */
export async function lockFor(path: string): Promise<AsyncDisposable> {
  const lock = `${path}.lock`;
  const own = `${hostname()} ${process.pid}`;
  for (let tries = 0; tries < 2; tries++) {
    try {
      await using file = await open(lock, 'wx');
      await file.writeFile(own);
      return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [host, pid] = (await readFile(lock, 'utf8').catch(() => '')).split(' ');
      if (host !== hostname() || isAlive(Number(pid)))
        throw new ModelError(
          'model-busy',
          `Another process is fetching this model already (${host || 'unknown'}, process ${pid || 'unknown'}). Wait for it; if there is none, remove ${lock}.`,
        );
      await rm(lock, { force: true });
    }
  }
  throw new ModelError('model-busy', `Another process has just begun to fetch this model.`);
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
