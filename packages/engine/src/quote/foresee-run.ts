import {
  applyInputs,
  type FileRef,
  type Graph,
  type Item,
  iterationOf,
  type JsonObject,
  mostByRule,
  type PortItems,
  type PriceTerms,
  type Run,
  type Step,
  stepKey,
} from '@imaginarium/protocol';
import { LocalExecutor } from '../call/local-executor.ts';
import type { StepFiles } from '../call/services.ts';
import { prepareCalls } from '../call/step-calls.ts';
import type { StepContext } from '../call/step-context.ts';
import { Limiter } from '../limits/limiter.ts';
import { systemClock } from '../limits/system-clock.ts';
import type { NodeRegistry, RegisteredNode } from '../packages/node-registry.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { planApplied } from '../plan/plan-applied.ts';
import { RunItems } from '../plan/run-items.ts';
import { ItemScope } from '../plan/scope.ts';
import { passThrough, skipReason } from '../plan/skip.ts';
import type { StepCache } from '../ports/step-cache.ts';
import { isCacheable, worthKeeping } from '../step/cache-key.ts';
import { executeStep } from '../step/execute-step.ts';
import { toItems } from '../step/step-items.ts';
import { stepMemoryOf } from '../step/step-memory.ts';
import { ruleFor } from '../step/step-price.ts';

/** Looking ahead is worth no more than this: what is not known by then counts as unknown. */
const LOOK_MS = 300;
/** Light nodes with more items than this are not executed for a quote. */
const MOST_ITEMS = 500;
/** Files with more bytes than this are not read for a quote. */
const MOST_BYTES = 2_000_000;

/** What can be said of the steps of a run before it is accepted. */
export interface ForeseenRun {
  /** Nodes whose result the cache has: they cost nothing and take no time. */
  cached: ReadonlySet<string>;
  /** Nodes whose result it may have, for it had one in this workflow before; what reaches them is known only in the run. */
  maybeCached: ReadonlySet<string>;
  /** The items that leave nodes, by node and port, as far as they are known. */
  outputs: ReadonlyMap<string, PortItems>;
}

/** Where a run would be, and what is settled before it begins. */
export interface ForeseenPlace {
  workspaceId: string;
  workflow: { id: string; name: string };
  settled?: readonly Step[] | undefined;
}

/** What looking ahead needs: no run is stored, and nothing is executed that is worth any time. */
export interface ForeseeServices {
  registry: NodeRegistry;
  cache: StepCache;
  modelsFolder: string;
  /** Reads a small file that a workspace has, such as a table whose rows become items. Left out: no file is opened. */
  readFile?(workspaceId: string, file: FileRef): Promise<Uint8Array>;
}

/**
 * Whether a run has steps whose results are kept, or light ones that make a number of items which nobody knows before, so that looking
 * ahead may find something.
 * @param terms given: of the steps that are kept, only those that cost credits count.
 */
export function mayForesee(graph: Graph, registry: NodeRegistry, terms?: PriceTerms): boolean {
  return graph.nodes.some((node) => {
    const registered = registry.find(node.type, node.version);
    if (!registered || node.disabled) return false;
    if (isLight(registered) && registered.definition.description.counts === 'unknown') return true;
    if (!isCacheable(registered, node.policy)) return false;
    if (!terms) return true;
    const rule = ruleFor(terms, node.type);
    return rule ? mostByRule(rule) > 0 : registered.definition.description.credits !== 0;
  });
}

/**
 * Finds out which steps of a run the cache will answer: it follows the items from the inputs on through steps that are answered already,
 * and through light pure ones, which it executes in memory. Where a step is not answered, what comes after it is not known.
 * @param graph a graph that can be quoted; inputs that it does not ask for are refused as {@link applyInputs} does.
 */
export async function foreseeRun(
  graph: Graph,
  inputs: JsonObject,
  services: ForeseeServices,
  place: ForeseenPlace,
): Promise<ForeseenRun> {
  const { registry } = services;
  const plan = planApplied(graph, applyInputs(graph, inputs, registry), registry);
  const look = new Look(plan.graph, inputs, services, place);
  await look.over(plan.nodes);
  return look;
}

class Look implements ForeseenRun {
  readonly cached = new Set<string>();
  readonly maybeCached = new Set<string>();
  readonly outputs = new Map<string, PortItems>();
  readonly #graph: Graph;
  readonly #services: ForeseeServices;
  readonly #place: ForeseenPlace;
  readonly #items: RunItems;
  readonly #context: StepContext;
  readonly #signal = AbortSignal.timeout(LOOK_MS);

  constructor(graph: Graph, inputs: JsonObject, services: ForeseeServices, place: ForeseenPlace) {
    this.#graph = graph;
    this.#services = services;
    this.#place = place;
    this.#items = new RunItems(graph);
    this.#context = this.#contextFor(inputs);
    for (const { node, iteration, outputs } of place.settled ?? []) if (iteration === '') this.#keep(node, outputs);
  }

  async over(nodes: readonly PlannedNode[]): Promise<void> {
    for (const planned of nodes) {
      if (this.outputs.has(planned.node.id)) continue;
      const known = [...planned.after].every((id) => this.outputs.has(id)) && !this.#signal.aborted;
      const outputs = known ? await this.#foresee(planned).catch(() => undefined) : undefined;
      if (outputs) this.#keep(planned.node.id, outputs);
      else if (!known) await this.#noteMaybe(planned, '');
    }
  }

  /** What leaves a node whose inputs are known; undefined when only the run will tell. */
  async #foresee(planned: PlannedNode): Promise<PortItems | undefined> {
    const { node, registered } = planned;
    const inputs = this.#items.gather(planned);
    if (node.disabled) return passThrough(planned, inputs);
    if (skipReason(planned, inputs, this.#graph)) return {};
    if (planned.inside) return this.#noteInside(planned, '');
    if (namesMoment(node.params)) return undefined;
    if (isCacheable(registered, node.policy)) {
      const known = await this.#recall(planned, inputs);
      if (known) this.cached.add(node.id);
      return known;
    }
    const isShort = Object.values(inputs).every((items) => items.length <= MOST_ITEMS);
    if (!isLight(registered) || !isShort) return undefined;
    const came = await executeStep(planned, inputs, this.#context);
    return 'waits' in came ? undefined : came.outputs;
  }

  async #recall(planned: PlannedNode, inputs: Record<string, Item[]>): Promise<PortItems | undefined> {
    const calls = await prepareCalls(planned, inputs, this.#context);
    if (calls.all().some((call) => call.refusal !== undefined)) return undefined;
    const known = await (await stepMemoryOf(planned, calls.all(), inputs, this.#context)).recall();
    return known && toItems(planned, calls, inputs, known);
  }

  /** A step that was kept in this workflow before may be answered again, whatever reaches it. */
  async #noteMaybe(planned: PlannedNode, iteration: string): Promise<void> {
    const { node, registered } = planned;
    if (planned.inside) return void (await this.#noteInside(planned, iteration));
    if (node.disabled || !isCacheable(registered, node.policy)) return;
    const { workspaceId, workflow } = this.#place;
    const at = { workflowId: workflow.id, node: stepKey({ node: node.id, iteration }) };
    const trace = await this.#services.cache.trace(workspaceId, at).catch(() => undefined);
    if (trace?.type === `${node.type}@${node.version}`) this.maybeCached.add(node.id);
  }

  async #noteInside({ node, inside = [] }: PlannedNode, iteration: string): Promise<undefined> {
    for (const planned of inside) await this.#noteMaybe(planned, iterationOf(iteration, node.id, 0));
    return undefined;
  }

  #keep(node: string, outputs: PortItems): void {
    this.outputs.set(node, outputs);
    this.#items.keep(node, outputs);
  }

  async #read(file: FileRef): Promise<Uint8Array> {
    const { readFile } = this.#services;
    return !readFile || file.bytes > MOST_BYTES ? onlyInRun() : readFile(this.#place.workspaceId, file);
  }

  #contextFor(inputs: JsonObject): StepContext {
    const { registry, cache, modelsFolder } = this.#services;
    const { workspaceId, workflow } = this.#place;
    const local = new LocalExecutor(registry);
    const createdAt = new Date().toISOString();
    const run: Run = { ...NO_RUN, workflowId: workflow.id, workflowName: workflow.name, inputs, createdAt };
    return {
      services: {
        ...{ registry, cache, modelsFolder, clock: systemClock },
        executorFor: (pool) => (pool === undefined ? local : onlyInRun()),
        openFiles: () => ({ ...NO_FILES, read: (file) => this.#read(file) }),
        code: { run: onlyInRun },
        http: { fetch: onlyInRun },
        budget: { take: onlyInRun },
        children: { start: onlyInRun, answerOf: onlyInRun, cancel: onlyInRun },
      },
      scope: { workspaceId, runId: run.id },
      expressions: ItemScope.of(run, () => this.#items.byName()),
      find: (id) => this.#items.find(id),
      limiter: new Limiter(1),
      ...{ signal: this.#signal, run, graph: this.#graph, iteration: '', terms: null, charged: false },
      afford: async () => undefined,
      onChild: () => undefined,
      onItemFailed: () => undefined,
      tell: () => undefined,
    };
  }
}

/** Whether a node can be executed for a quote: what it gives depends on nothing else, and it takes no time worth speaking of. */
function isLight(registered: RegisteredNode): boolean {
  const { effects, waits } = registered.definition.description;
  return effects === 'pure' && !worthKeeping(registered) && !waits;
}

/** Stands in for a run that is not there yet. */
const NO_RUN: Omit<Run, 'workflowId' | 'workflowName' | 'inputs' | 'createdAt'> = {
  ...{ id: '00000000-0000-4000-8000-000000000000', version: null, state: 'queued', trigger: 'api', parent: null },
  ...{ priority: 1, notBefore: null, startedAt: null, finishedAt: null, dismissedAt: null },
  ...{ creditsQuoted: 0, creditsSpent: 0, error: null, cover: null, lastSeq: 0 },
};

/** What only a run can have; asking for it ends the look at a node, which then counts as unknown. */
function onlyInRun(): never {
  throw new Error('Only a run can do this.');
}

const NO_FILES: StepFiles = {
  ...{ read: onlyInRun, path: onlyInRun, write: onlyInRun, adopt: onlyInRun, export: onlyInRun },
  ...{ folder: onlyInRun, lastingFolder: onlyInRun },
  hasFolder: false,
  noteReturned() {},
  async [Symbol.asyncDispose]() {},
};

/** Whether params ask for what differs from run to run: its id, or the moment it starts. What is more than a path is not evaluated at all. */
function namesMoment(params: JsonObject): boolean {
  return /\{\{\s*run\b(?!\s*\.\s*(workflow|inputs)\b)/.test(JSON.stringify(params));
}
