import { createClient } from '@imaginarium/client';
import type { Graph } from '@imaginarium/protocol';
import { Crowd } from '../live/crowd.ts';
import type { BenchOptions, BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';

const NODES = new URL('../live/nodes', import.meta.url).pathname;
/** Time for all subscribers to begin to watch before the first step that counts ends. */
const HEAD_START_MS = 3000;

/**
 * What lies between the end of a step and its event at each of a thousand subscribers of the same run: grouping, storing durably, sending, and
 * their own processor time, for they share the machine. Needs a build.
 */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  const subscribers = smoke ? 50 : 1000;
  await using server = await ServerProcess.start({ IMAGINARIUM_NODE_PACKAGES: NODES });
  const apiKey = await server.ownerKey();
  const client = createClient({ baseUrl: server.address, apiKey });
  const { id } = await client.call('createWorkflow', { body: { name: 'Pauses', graph: pauses(smoke ? 5 : 40, 100) } });
  const before = await server.residentMb();
  using crowd = await Crowd.connect(server.address, apiKey, subscribers);
  const connected = await server.residentMb();
  const latencies: number[] = [];
  let gaps = 0;
  let cpuMs = 0;
  for (let turn = 0; turn < (smoke ? 1 : 3); turn++) {
    const run = await client.call('startRun', { params: { id }, body: {} });
    const { heard } = await crowd.watch(run.id);
    const used = await server.used();
    for (const one of await heard) {
      // The first step ends late on purpose; what was told before a subscriber came is not live.
      for (const ms of one.stepEndMs.slice(1)) latencies.push(ms);
      gaps += one.gaps;
    }
    cpuMs += (await server.used()).cpuMs - used.cpuMs;
  }
  const p95 = quantile(latencies, 0.95);
  const name = `step end to ${subscribers} subscribers`;
  return [
    row(`${name}, p95`, p95, 'ms', '< 100', p95 < 100),
    row(`${name}, median`, quantile(latencies, 0.5), 'ms', null, true),
    row(`${name}, p99`, quantile(latencies, 0.99), 'ms', null, true),
    row('events out of order, twice or missing', gaps, 'events', 0, gaps === 0),
    row('processor time of the server for each event told', (1000 * cpuMs) / latencies.length, 'us', null, true),
    row(
      'memory for each connection',
      (1000 * (connected - before)) / subscribers,
      'kB',
      '< 150',
      (1000 * (connected - before)) / subscribers < 150,
    ),
  ];
}

function row(name: string, value: number, unit: string, target: BenchRow['target'], ok: boolean): BenchRow {
  return { name, value: Math.round(value * 10) / 10, unit, target, ok };
}

/** A chain of nodes that take so many milliseconds each, after a first one that gives subscribers a head start. */
function pauses(count: number, ms: number): Graph {
  const ids = Array.from({ length: count + 1 }, (_, index) => `p${index}`);
  return {
    schema: 1,
    nodes: ids.map((id, index) => ({
      ...{ id, type: 'bench.pause', version: 1, name: id, position: { x: 0, y: 0 } },
      params: { ms: index === 0 ? HEAD_START_MS : ms },
    })),
    edges: ids.slice(1).map((id, index) => ({
      id: `e${index}`,
      from: { node: ids[index] as string, port: 'done' },
      to: { node: id, port: 'after' },
    })),
    ...{ inputs: [], notes: [], settings: {} },
  };
}
