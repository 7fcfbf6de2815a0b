import { readdir, readFile } from 'node:fs/promises';

const LOOK_EVERY_MS = 200;

/** Watches a process and all that it starts, and remembers the most memory that they held together. */
export class ProcessTree {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #peakMb = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** Ends the watch. @returns megabytes; memory that several processes share counts once. */
  stop(): number {
    clearInterval(this.#timer);
    return Math.round(this.#peakMb);
  }

  async #look(): Promise<void> {
    const pids = await descendants(this.#pid);
    const each = await Promise.all(pids.map(proportionalMb));
    this.#peakMb = Math.max(
      this.#peakMb,
      each.reduce((sum, mb) => sum + mb, 0),
    );
  }
}

/** A process and all below it. Each thread knows the processes that it started. */
export async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(children.map(descendants))).flat()];
}

/** Pages that n processes share count as an nth. */
async function proportionalMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return (Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024) / 1e6;
}
