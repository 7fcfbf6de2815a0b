import { queueRows } from '../engine/queues.ts';
import { storedRunRows } from '../engine/stored-runs.ts';
import { workloadRows } from '../engine/workloads.ts';
import type { BenchOptions, BenchRow } from '../row.ts';

/**
 * What durable runs cost, through real server processes over HTTP; the load shares the machine with them. Needs a build, and for the queues
 * between processes Redis and PostgreSQL.
 */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  return [...(await storedRunRows(smoke)), ...(await workloadRows(smoke)), ...(await queueRows(smoke))];
}
