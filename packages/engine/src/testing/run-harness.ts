import { randomUUID } from 'node:crypto';
import type { NodeDefinition } from '@imaginarium/node-sdk';
import { TestCode, TestFiles } from '@imaginarium/node-sdk/testing';
import {
  emptyGraph,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type JsonObject,
  type NodePolicy,
  type RunEvent,
  type Step,
  stepKey,
} from '@imaginarium/protocol';
import { LocalExecutor } from '../call/local-executor.ts';
import type { WorkerServices } from '../call/services.ts';
import { systemClock } from '../limits/system-clock.ts';
import { WorkBudget } from '../limits/work-budget.ts';
import { MemoryEventBus } from '../memory/memory-event-bus.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import { MemoryStepCache } from '../memory/memory-step-cache.ts';
import { noChildRuns } from '../memory/no-child-runs.ts';
import { NodeRegistry } from '../packages/node-registry.ts';
import type { RunOutcome } from '../ports/run-store.ts';
import { executeRun } from '../run/execute-run.ts';
import { aNewRun } from './run-samples.ts';

/** Builds a graph in few words: `aGraph().node('a', 'test.text', { text: 'hi' }).wire('a.text', 'b.text').build()`. */
export class GraphBuilder {
  readonly #graph: Graph = emptyGraph();

  node(id: string, type: string, params: JsonObject = {}, rest: Partial<GraphNode> = {}): this {
    this.#graph.nodes.push({ id, type, version: 1, name: id, params, position: { x: 0, y: 0 }, ...rest });
    return this;
  }

  policy(id: string, policy: NodePolicy): this {
    const node = this.#graph.nodes.find((entry) => entry.id === id);
    if (node) node.policy = policy;
    return this;
  }

  /** Wires `node.port` to `node.port`. */
  wire(from: string, to: string): this {
    this.#graph.edges.push({ id: `e${this.#graph.edges.length + 1}`, from: end(from), to: end(to) });
    return this;
  }

  input(key: string, target: string): this {
    const { node, port } = end(target);
    this.#graph.inputs.push({ key, to: [{ node, param: port }] });
    return this;
  }

  settings(settings: Graph['settings']): this {
    this.#graph.settings = settings;
    return this;
  }

  build(): Graph {
    return structuredClone(this.#graph);
  }
}

function end(text: string): GraphEdge['from'] {
  const [node = '', port = ''] = text.split('.');
  return { node, port };
}

export function aGraph(): GraphBuilder {
  return new GraphBuilder();
}

/** What a run under test came to. */
export interface TestRun {
  outcome: RunOutcome;
  steps: Record<string, Step>;
  events: RunEvent[];
  /** Values of the items on `node.port`. */
  values(place: string): unknown[];
}

/** Runs graphs in memory, with the given node types; what is kept between runs (the cache) belongs to the harness. */
export class RunHarness {
  readonly services: WorkerServices;
  readonly store: MemoryRunStore;

  /** @param credits what its runs can spend, all together. */
  constructor(nodes: readonly NodeDefinition[], changes: Partial<WorkerServices> = {}, credits?: number) {
    this.store = new MemoryRunStore(Date.now, credits);
    const registry = new NodeRegistry();
    registry.add({ name: 'test-nodes', version: '1.0.0' }, nodes);
    const executor = new LocalExecutor(registry);
    this.services = {
      registry,
      store: this.store,
      bus: new MemoryEventBus(),
      cache: new MemoryStepCache(),
      clock: systemClock,
      http: { fetch: () => Promise.reject(new Error('Nothing is called in tests.')) },
      code: { run: (_workspaceId, program) => new TestCode().evaluate(program) },
      executorFor: () => executor,
      openFiles: () => Object.assign(new TestFiles(), { hasFolder: true, noteReturned() {} }),
      budget: new WorkBudget({ memoryMb: 10_000, places: {} }),
      modelsFolder: '/nonexistent',
      children: noChildRuns,
      ...changes,
    };
  }

  /** @param more what else the run is accepted with, such as its prices. */
  async run(
    graph: Graph,
    inputs: JsonObject = {},
    signal: AbortSignal = new AbortController().signal,
    more: Parameters<typeof aNewRun>[0] = {},
  ): Promise<TestRun> {
    const { run } = await this.store.accept(aNewRun({ ...more, id: randomUUID(), graph, inputs }));
    const lease = await this.store.claim(run.id, 'test', 60_000);
    const record = await this.store.load(run.id);
    if (!lease || !record) throw new Error('The run could not be claimed.');
    const outcome = await executeRun(record, lease, this.services, signal);
    if (outcome.state === 'waiting') throw new Error('The run waits; nothing in this test brings it on.');
    const ended = await this.store.load(run.id);
    const steps = Object.fromEntries((ended?.steps ?? []).map((step) => [stepKey(step), step]));
    return {
      outcome,
      steps,
      events: await this.store.events(run.id, 0),
      values: (place) => {
        const { node, port } = end(place);
        return (steps[node]?.outputs[port] ?? []).map((item) => item.file ?? item.value);
      },
    };
  }
}
