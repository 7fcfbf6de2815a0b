import type { Graph, NodePackage, QueueState, Run, WaitsFor, WorkerState } from '@imaginarium/protocol';
import { nodeTypesOf } from '@imaginarium/protocol';
import type { Pause, QueueStore } from './queue-store.ts';

/** A worker that has not told of itself for so long is taken for dead. */
const ALIVE_MS = 20_000;
/** Queued runs that are examined for node types that nobody has. */
const EXAMINED_RUNS = 1000;

/** Which packages this server knows, to name them when no worker has them. */
type PackageList = () => readonly NodePackage[];

/** The queue as its owner sees it. @param now milliseconds since 1970, by the clock that workers tell of themselves by. */
export async function queueState(store: QueueStore, packages: PackageList, now: number): Promise<QueueState> {
  const [pauses, loads, workers, wanted] = await Promise.all([
    store.pauses(),
    store.loads(),
    store.workers(),
    store.wantedTypes(EXAMINED_RUNS),
  ]);
  const alive = workers.filter((worker) => isAlive(worker, now));
  const missing = new Map<string, { nodeTypes: string[]; runs: number }>();
  for (const { nodeTypes, runs } of alive.length > 0 ? wanted : []) {
    const lacking = lackedBy(alive, nodeTypes);
    if (lacking.length === 0) continue;
    const entry = missing.get(lacking.join()) ?? { nodeTypes: lacking, runs: 0 };
    missing.set(lacking.join(), { ...entry, runs: entry.runs + runs });
  }
  return {
    paused: pausedBy(pauses, null),
    workspaces: loads.map(({ workspaceId, ...load }) => ({
      ...{ id: workspaceId, ...load, paused: pausedBy(pauses, workspaceId) },
    })),
    workers: alive,
    missing: [...missing.values()].map((entry) => ({
      ...entry,
      packages: packagesWith(entry.nodeTypes, workers, packages()),
    })),
  };
}

/** Why a run has not begun; null once it has. @param now as for {@link queueState}. */
export async function waitsFor(
  { run, workspaceId, graph }: { run: Run; workspaceId: string; graph: Graph },
  store: QueueStore,
  packages: PackageList,
  now: number,
): Promise<WaitsFor | null> {
  if (run.state !== 'queued') return null;
  if (run.notBefore !== null && Date.parse(run.notBefore) > now)
    return { code: 'time', message: `It begins at ${run.notBefore} or soon after.` };
  const [pauses, workers] = await Promise.all([store.pauses(), store.workers()]);
  const pause = pausedBy(pauses, null) ?? pausedBy(pauses, workspaceId);
  if (pause) return { code: 'resume', message: `${pause.by} has paused the queue.` };
  const alive = workers.filter((worker) => isAlive(worker, now));
  if (alive.length === 0)
    return {
      code: 'worker',
      message: 'No worker is there. Start one: imaginarium worker, or the server without --no-worker.',
    };
  const lacking = lackedBy(alive, nodeTypesOf(graph));
  if (lacking.length === 0) return { code: 'turn', message: 'It waits for its turn.' };
  const names = packagesWith(lacking, workers, packages());
  const what =
    names.length > 0 ? names.join(', ') : `the node ${lacking.length > 1 ? 'types' : 'type'} ${lacking.join(', ')}`;
  return { code: 'node-types', message: `It waits for a worker with ${what}.` };
}

/** What keeps every worker from a graph: nothing when one has all its node types, else what the closest one lacks. */
function lackedBy(workers: readonly WorkerState[], nodeTypes: readonly string[]): string[] {
  const lacks = workers.map((worker) => {
    const has = new Set(worker.packages.flatMap(({ types }) => types));
    return nodeTypes.filter((type) => !has.has(type));
  });
  return lacks.reduce((least, each) => (each.length < least.length ? each : least), lacks[0] ?? []);
}

/** The packages that bring node types, as workers that are or were there had them, or as this server has them. */
function packagesWith(
  nodeTypes: readonly string[],
  workers: readonly WorkerState[],
  packages: readonly NodePackage[],
): string[] {
  const known = [
    ...workers.flatMap((worker) => worker.packages),
    ...packages.map(({ name, types }) => ({ name, types })),
  ];
  const names = nodeTypes.flatMap((key) => {
    const type = key.replace(/@\d+$/, '');
    return known.find(({ types }) => types.includes(key) || types.includes(type))?.name ?? [];
  });
  return [...new Set(names)].sort();
}

function isAlive({ seenAt }: WorkerState, now: number): boolean {
  return Date.parse(seenAt) > now - ALIVE_MS;
}

function pausedBy(pauses: readonly Pause[], workspaceId: string | null): { at: string; by: string } | null {
  const pause = pauses.find((each) => each.workspaceId === workspaceId);
  return pause ? { at: pause.pausedAt, by: pause.pausedBy } : null;
}
