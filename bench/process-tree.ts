import { readdir, readFile } from 'node:fs/promises';

const LOOK_EVERY_MS = 100;

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

/** A process and all below it. */
async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program stands in brackets and may hold anything.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number | undefined): boolean => pid === root || (!!pid && isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow);
}

/** Pages that n processes share count as an nth. */
async function proportionalMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return (Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024) / 1e6;
}
