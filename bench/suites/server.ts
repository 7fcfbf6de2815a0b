import { createClient } from '@imaginarium/client';
import type { Graph, Run } from '@imaginarium/protocol';
import type { BenchOptions, BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';

type Client = ReturnType<typeof createClient>;

const ACCEPT_PER_SECOND = 100;

/** What the API takes to accept runs that arrive at a fixed pace and to list them, every run stored durably and executed meanwhile. Needs a build. */
export async function rows({ smoke }: BenchOptions): Promise<BenchRow[]> {
  await using server = await ServerProcess.start();
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  const { id } = await client.call('createWorkflow', { body: { name: 'Ten fields', graph: tenFields() } });
  await acceptAtPace(client, id, smoke ? 20 : 200); // Warm-up.
  const { latencies, runs } = await acceptAtPace(client, id, smoke ? 50 : ACCEPT_PER_SECOND * 15);
  const { ended, failed } = await untilEnded(client, runs.length);
  const listed = await timeLists(client, smoke ? 10 : 100);
  const [accept, list] = [quantile(latencies, 0.95), quantile(listed, 0.95)];
  return [
    row('accept a run at 100/s, p95 from its scheduled time', accept, 'ms', '< 50', accept < 50),
    row('accept a run at 100/s, median', quantile(latencies, 0.5), 'ms', null, true),
    row('accepted runs that ended well', runs.length - failed, 'runs', runs.length, ended && failed === 0),
    row('list the last 50 runs, p95', list, 'ms', '< 100', list < 100),
    row('memory after all runs', await server.residentMb(), 'MB', null, true),
  ];
}

function row(name: string, value: number, unit: string, target: BenchRow['target'], ok: boolean): BenchRow {
  return { name, value: Math.round(value * 10) / 10, unit, target, ok };
}

/** A chain of ten nodes that set a field each. */
function tenFields(): Graph {
  const ids = Array.from({ length: 10 }, (_, index) => `n${index}`);
  const common = { version: 1, position: { x: 0, y: 0 } };
  return {
    schema: 1,
    nodes: [
      { ...common, id: 'text', type: 'input.text', name: 'text', params: { text: 'hello' } },
      ...ids.map((id) => ({ ...common, id, type: 'flow.set-fields', name: id, params: { fields: { [id]: 'x' } } })),
    ],
    edges: ids.map((id, index) => ({
      id: `e${index}`,
      from: index === 0 ? { node: 'text', port: 'text' } : { node: `n${index - 1}`, port: 'item' },
      to: { node: id, port: 'item' },
    })),
    ...{ inputs: [], notes: [], settings: {} },
  };
}

/** Starts runs at fixed times, whatever the answers: latency counts from when a run was due, so that waiting shows. */
async function acceptAtPace(
  client: Client,
  workflowId: string,
  count: number,
): Promise<{ latencies: number[]; runs: Run[] }> {
  const latencies: number[] = [];
  const began = performance.now();
  const runs = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const dueMs = (index * 1000) / ACCEPT_PER_SECOND;
      await new Promise((resolve) => setTimeout(resolve, dueMs));
      const run = await client.call('startRun', { params: { id: workflowId }, body: {} });
      latencies.push(performance.now() - began - dueMs);
      return run;
    }),
  );
  return { latencies, runs };
}

/** Waits until no run is on its way any more. */
async function untilEnded(client: Client, count: number): Promise<{ ended: boolean; failed: number }> {
  const limit = performance.now() + 60_000;
  const some = async (state: Run['state']) =>
    (await client.call('listRuns', { query: { state, limit: 1 } })).runs.length > 0;
  while ((await some('queued')) || (await some('running'))) {
    if (performance.now() > limit) return { ended: false, failed: count };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ended: true,
    failed: (await client.call('listRuns', { query: { state: 'failed', limit: 200 } })).runs.length,
  };
}

async function timeLists(client: Client, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const began = performance.now();
    await client.call('listRuns', { query: { limit: 50 } });
    times.push(performance.now() - began);
  }
  return times;
}
