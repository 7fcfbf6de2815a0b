import { executeRun, MemoryRunStore, quoteRun } from '@imaginarium/engine';
import { aGraph, aNewRun, listSource, noFiles, passOn, RunHarness } from '@imaginarium/engine/testing';
import { type Graph, parseGraph, topologicalOrder, validateGraph } from '@imaginarium/protocol';
import type { BenchOptions, BenchRow } from '../row.ts';

const NODES = 1000;
/** DESIGN: validate and compile a 1,000-node graph. */
const TARGET_MS = 50;

/** What a graph costs before its first node executes, and what the engine adds to nodes that do nothing. */
export async function rows({ smoke }: BenchOptions): Promise<readonly BenchRow[]> {
  const turns = smoke ? 3 : 31;
  return [
    compileRow('a chain of 1,000 nodes', chain(NODES), turns),
    compileRow('1,000 nodes in 333 branches', branches(333, 3), turns),
    await runsRow(smoke ? 200 : 10_000, 50),
    await itemsRow(smoke ? 500 : 10_000, smoke ? 1 : 5),
  ];
}

/** Everything from the parsed text of a graph to its plan and price. */
function compileRow(what: string, graph: Graph, turns: number): BenchRow {
  const { registry } = harness().services;
  const document: unknown = JSON.parse(JSON.stringify(graph));
  const compile = () => {
    const parsed = parseGraph(document);
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
    const [problem] = validateGraph(parsed.graph, registry);
    if (problem) throw new Error(problem.message);
    topologicalOrder(parsed.graph.nodes, parsed.graph.edges);
    quoteRun(parsed.graph, {}, registry, { measured: new Map() });
  };
  for (let turn = 0; turn < 5; turn++) compile();
  const value = median(Array.from({ length: turns }, () => timed(compile)));
  return {
    name: `check, order, plan and quote ${what}`,
    value,
    unit: 'ms',
    target: `< ${TARGET_MS}`,
    ok: value < TARGET_MS,
  };
}

/** Runs of 10 light nodes with one item, of which nothing is stored: what is left for the database, the queue and the nodes. */
async function runsRow(runs: number, atOnce: number): Promise<BenchRow> {
  const { services } = harness();
  const store = new ForgetfulStore();
  const { run } = await store.accept(aNewRun({ graph: chain(10), inputs: {} }));
  const lease = await store.claim(run.id, 'bench', 3_600_000);
  const record = await store.load(run.id);
  if (!lease || !record) throw new Error('The run could not be claimed.');
  const { signal } = new AbortController();
  const execute = async (left: { runs: number }) => {
    while (left.runs-- > 0) await executeRun(record, lease, { ...services, store }, signal);
  };
  await execute({ runs: Math.ceil(runs / 5) });
  const left = { runs };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, () => execute(left)));
  const value = (1000 * runs) / (performance.now() - startedAt);
  return {
    name: `runs of 10 light nodes, ${atOnce} at once, nothing stored`,
    value,
    unit: 'runs/s',
    target: null,
    ok: true,
  };
}

/** Leases runs and keeps nothing of them. */
class ForgetfulStore extends MemoryRunStore {
  override async checkpoint(): Promise<void> {}
  override async settle(): Promise<void> {}
}

async function itemsRow(items: number, turns: number): Promise<BenchRow> {
  const own = harness();
  const values = Array.from({ length: items }, (_, index) => `item ${index}`);
  const times: number[] = [];
  for (let turn = 0; turn <= turns; turn++) {
    const startedAt = performance.now();
    await expectSuccess(own, chain(11, values));
    if (turn > 0) times.push(performance.now() - startedAt);
  }
  const value = (median(times) * 1000) / (items * 10);
  const name = `${items.toLocaleString('en')} items through 10 light nodes in memory, for each item and node`;
  return { name, value, unit: 'µs', target: null, ok: true };
}

async function expectSuccess(own: RunHarness, graph: Graph): Promise<void> {
  const { outcome } = await own.run(graph);
  if (outcome.state !== 'succeeded') throw new Error(outcome.error?.message ?? outcome.state);
}

function harness(): RunHarness {
  return new RunHarness([listSource, passOn], { openFiles: () => noFiles });
}

/** A source and nodes that hand its items on. */
function chain(nodes: number, values: string[] = ['item']): Graph {
  const graph = aGraph().node('n0', 'test.list', { values });
  for (let index = 1; index < nodes; index++)
    graph.node(`n${index}`, 'test.pass').wire(`n${index - 1}.item`, `n${index}.item`);
  return graph.build();
}

function branches(count: number, length: number): Graph {
  const graph = aGraph().node('in', 'test.list', { values: ['item'] });
  for (let branch = 0; branch < count; branch++) {
    for (let step = 0; step < length; step++) {
      const before = step === 0 ? 'in' : `n${branch}-${step - 1}`;
      graph.node(`n${branch}-${step}`, 'test.pass').wire(`${before}.item`, `n${branch}-${step}.item`);
    }
  }
  return graph.build();
}

function timed(task: () => void): number {
  const startedAt = performance.now();
  task();
  return performance.now() - startedAt;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
