import { readdir, readFile } from 'node:fs/promises';
import { hasProcessorQuota } from '@imaginarium/pictures';

/** What a thread had of the processor, and how long it waited while others had it. Nanoseconds. */
interface ThreadTime {
  ran: number;
  waited: number;
}

/**
 * Times work as it would go if nobody else used the processor: models are measured while somebody works here, often with an upscale under way, and
 * what they then seem to take would stand for good. Where the system does not tell how long threads waited, it is the time that went by.
 * @returns milliseconds.
 */
export async function quietMs(work: () => Promise<unknown>): Promise<number> {
  const before = await threadTimes();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  return ms * shareRun(before, await threadTimes());
}

/** The share of their time that threads had the processor and did not wait for it: those that were there all the time. */
export function shareRun(before: ReadonlyMap<string, ThreadTime>, after: ReadonlyMap<string, ThreadTime>): number {
  let [ran, waited] = [0, 0];
  for (const [thread, since] of before) {
    const now = after.get(thread);
    if (!now) continue;
    ran += now.ran - since.ran;
    waited += now.waited - since.waited;
  }
  return ran > 0 ? ran / (ran + waited) : 1;
}

/** Of all threads of this process; none where they are not told, or a quota makes threads wait for nobody. */
async function threadTimes(): Promise<Map<string, ThreadTime>> {
  const folder = '/proc/self/task';
  const threads = hasProcessorQuota() ? [] : await readdir(folder).catch(() => []);
  const times = await Promise.all(
    threads.map(async (thread): Promise<[string, ThreadTime] | undefined> => {
      // A thread may have ended meanwhile.
      const text = await readFile(`${folder}/${thread}/schedstat`, 'utf8').catch(() => undefined);
      const [ran, waited] = text?.split(' ').map(Number) ?? [];
      return ran === undefined || waited === undefined ? undefined : [thread, { ran, waited }];
    }),
  );
  return new Map(times.filter((time) => time !== undefined));
}
