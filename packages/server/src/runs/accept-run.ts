import { createHash } from 'node:crypto';
import {
  type AcceptedRun,
  firstFunds,
  type Idempotency,
  mayCost,
  type NewRun,
  nodesOver,
  type RunRecord,
} from '@imaginarium/engine';
import {
  fileInputs,
  type Graph,
  type JsonObject,
  type PriceTerms,
  type Quote,
  type Run,
  type Step,
  stableStringify,
  type TriggerKind,
} from '@imaginarium/protocol';
import type { Principal } from '../accounts/account-store.ts';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';
import type { AskedItems, PersonLimits } from '../limits/person-limits.ts';
import { newId } from '../new-id.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import { checkRun } from './check-run.ts';
import { isUnfelt } from './is-unfelt.ts';
import { onceForGraph } from './once-for-graph.ts';
import { type PricedRun, priceRun, termsOf } from './price-run.ts';
import type { QuotePlace } from './quote-ahead.ts';
import { runPriority } from './run-priority.ts';

export type RunDeps = Pick<AppDeps, 'catalogue' | 'quoteRun' | 'prices' | 'limits' | 'runStore' | 'queue'>;

/** Who or what starts a run, and where. A trigger starts it in the name of whoever made it active. */
export interface RunStarter {
  user: { id: string };
  workspace: { id: string };
  by: Principal['by'] | TriggerKind | 'run';
}

const CAUSES = {
  session: 'editor',
  'api-key': 'api',
  webhook: 'webhook',
  schedule: 'schedule',
  failure: 'failure',
  run: 'run',
} as const;

/** A run that somebody asks for. */
export interface RunRequest {
  /** The id it gets unless it is a repeat; made up when left out. */
  id?: string | undefined;
  workflow: { id: string; name: string };
  version: number | null;
  graph: Graph;
  inputs: JsonObject;
  /** Added to what the nodes say, 0 to 90. */
  priority?: number | undefined;
  /** The moment before which it does not begin, as ISO 8601 in UTC. */
  notBefore?: string | undefined;
  /** The most it may cost: refused when it is quoted at more, and held to it while it goes on. */
  maxCredits?: number | undefined;
  /** What was agreed to for the run that starts it, with all that belong to that one. */
  ceiling?: PriceTerms['ceiling'];
  idempotencyKey?: string | undefined;
  /** What tells requests under one key apart, where that is not what they ask for. */
  requestHash?: string | undefined;
  /** The run whose step starts it. */
  parent?: Run['parent'] | undefined;
  /** Steps that are settled before the run begins. */
  settled?: Step[] | undefined;
  /** What part was asked for, to tell requests apart that differ in nothing else. */
  part?: JsonObject | undefined;
}

/**
 * Takes a run on: checks it, sets its credits aside, stores it and hands its id to the queue. When this returns, the run is never lost.
 * @throws {HttpError} and what the run store throws.
 */
export async function acceptRun(
  deps: RunDeps,
  { principal, stores }: { principal: RunStarter; stores: WorkspaceStores },
  request: RunRequest,
): Promise<Run> {
  const { workflow, version, graph, settled = [] } = request;
  const inputs = fileInputs(graph, request.inputs, deps.catalogue);
  const idempotency = idempotencyOf({ ...request, inputs });
  // Asked first: what has been started is answered with its run, whatever has become of the workflow, its files or prices since.
  const earlier = idempotency && (await deps.runStore.findRepeated(principal.workspace.id, idempotency));
  if (earlier) return earlier;
  const applied = await checkRun(graph, inputs, { catalogue: deps.catalogue, files: stores.files }, settled);
  const place = { workspaceId: principal.workspace.id, workflow, settled, look: 'paid' } as const;
  const quote = await quoteUnlessFree(deps, stores, { graph, inputs }, place);
  if (request.maxCredits !== undefined && quote.total > request.maxCredits)
    throw new HttpError(
      'price-changed',
      `This run costs ${quote.total} credits now, and at most ${request.maxCredits} were agreed to. Look at the new price, then run it again.`,
      { total: quote.total },
    );
  const id = request.id ?? newId();
  const isBounded = request.maxCredits !== undefined || request.ceiling !== undefined;
  const terms = isBounded ? await agreedTerms(deps, { ...request, id }, quote) : quote.terms;
  const run: NewRun = {
    id,
    workspaceId: principal.workspace.id,
    workflowId: workflow.id,
    workflowName: workflow.name,
    version,
    graph,
    inputs,
    trigger: CAUSES[principal.by],
    parent: request.parent ?? null,
    priority: runPriority(graph, deps.catalogue, request.priority),
    creditsQuoted: quote.total,
    ...(terms ? { terms } : {}),
    createdBy: principal.user.id,
    settled,
    ...(request.notBefore === undefined ? {} : { notBefore: request.notBefore }),
    ...(idempotency ? { idempotency } : {}),
  };
  const limited = limitedItems(deps.limits, run, quote);
  if (limited.length === 0) return (await storeAndHandOver(deps, run, applied)).run;
  const giveBack = await deps.limits.takeItems(principal.user.id, limited);
  // A crash in between counts items that never ran, which an hour forgets.
  const accepted = await storeAndHandOver(deps, run, applied).catch(async (error: unknown) => {
    await giveBack();
    throw error;
  });
  if (!accepted.created) await giveBack();
  return accepted.run;
}

/** What is known of the price of a run when it is accepted. */
interface AcceptedPrice extends Pick<Quote, 'total' | 'nodes'> {
  /** The prices that it is charged by; left out where it can cost nothing. */
  terms?: PriceTerms;
}

/** As {@link quoteFor}; where no node has a price or a limit, nobody has to foresee how many items each will have. */
async function quoteUnlessFree(
  deps: RunDeps,
  stores: Pick<WorkspaceStores, 'runs'>,
  asked: { graph: Graph; inputs: JsonObject },
  place: Parameters<typeof quoteFor>[3] & { settled: readonly Step[] },
): Promise<AcceptedPrice> {
  const { catalogue, limits, prices } = deps;
  const { graph } = asked;
  const { rules } = termsOf(await prices.current(), graph, nodesOver(graph, place.settled));
  const free = rules.length === 0 ? freeTypes(graph, catalogue) : undefined;
  if (free && !free.some((type) => limits.counts(type))) return { total: 0, nodes: [] };
  const { quote, terms } = await quoteFor(deps, stores, asked, place);
  return { ...quote, ...(mayCost(graph, catalogue, terms) ? { terms } : {}) };
}

/** The types of a graph's nodes, each once; undefined where one of them may cost something by its own description. */
const freeTypes = onceForGraph(({ nodes }, catalogue) =>
  nodes.every(({ type, version }) => catalogue.describe(type, version)?.credits === 0)
    ? [...new Set(nodes.map(({ type }) => type))]
    : undefined,
);

/**
 * The prices of a run, with the most that it may come to: a result that is kept now may be forgotten before its step begins. A run that may
 * start others has them though nothing in it costs anything, for these share what was agreed to.
 */
async function agreedTerms(
  { catalogue, prices }: Pick<RunDeps, 'catalogue' | 'prices'>,
  { id, graph, maxCredits: most, ceiling: above }: RunRequest & { id: string },
  quote: AcceptedPrice,
): Promise<PriceTerms | undefined> {
  const startsRuns = graph.nodes.some(({ type, version }) => catalogue.describe(type, version)?.waits === 'runs');
  const ceiling = above ?? (startsRuns && most !== undefined ? { runId: id, most } : undefined);
  const terms = quote.terms ?? (startsRuns ? termsOf(await prices.current(), graph) : undefined);
  return terms && { ...terms, ...(most === undefined ? {} : { most }), ...(ceiling ? { ceiling } : {}) };
}

/** What a run asks of nodes that are limited, by their types: the items it is expected to have. */
function limitedItems(
  limits: PersonLimits,
  { graph, settled = [] }: NewRun,
  quote: Pick<Quote, 'nodes'>,
): AskedItems[] {
  if (quote.nodes.length === 0) return [];
  const limited = graph.nodes.filter((node) => limits.counts(node.type) && node.disabled !== true);
  if (limited.length === 0) return [];
  const over = nodesOver(graph, settled);
  const typeOf = new Map(limited.filter(({ id }) => !over.has(id)).map(({ id, type }) => [id, type]));
  const asked = new Map<string, AskedItems>();
  for (const { node, name, items, cache } of quote.nodes) {
    const type = typeOf.get(node);
    if (type === undefined || cache === 'yes') continue;
    const before = asked.get(type);
    asked.set(type, { type, name: before?.name ?? name, items: items + (before?.items ?? 0) });
  }
  return [...asked.values()];
}

/**
 * Stores a run, and gives it to a worker of this process that has a place for it, or else to the queue. A worker begins with a run that
 * nothing outside can feel while it is still being stored.
 */
async function storeAndHandOver(
  { runStore, queue, catalogue }: Pick<RunDeps, 'runStore' | 'queue' | 'catalogue'>,
  run: NewRun,
  applied: Graph,
): Promise<AcceptedRun> {
  // The store gives it when its time has come.
  const isPutOff = run.notBefore !== undefined && Date.parse(run.notBefore) > Date.now();
  const place = isPutOff ? undefined : queue.keepPlace?.(run.workspaceId);
  const begun = place && isUnfelt(run.graph, catalogue) ? runStore.begin?.(run, place) : undefined;
  if (begun) place?.take({ record: recordOf(run, begun.run, applied), lease: begun.lease, begun });
  const accepted = await (begun?.stored ?? runStore.accept(run, place)).catch((error: unknown) => {
    if (!begun) place?.leave();
    throw error;
  });
  const { created, lease } = accepted;
  if (!begun && lease) place?.take({ record: recordOf(run, accepted.run, applied), lease });
  else if (!begun) place?.leave();
  if (created && !lease && !isPutOff)
    await queue.offer({ runId: run.id, workspaceId: run.workspaceId, priority: run.priority });
  return accepted;
}

/** What the worker needs that begins a run. */
function recordOf(asked: NewRun, run: Run, applied: Graph): RunRecord {
  const { workspaceId, createdBy, graph, settled = [] } = asked;
  return { run, workspaceId, createdBy, graph, applied, steps: settled, takeovers: 0, funds: firstFunds(asked) };
}

/**
 * What a run is asked for in credits, how long it will take on this machine, and the prices it is quoted by. Steps that are settled cost
 * nothing.
 * @throws {HttpError} `batch-too-large` for more items than the prices allow in one step.
 */
export async function quoteFor(
  { quoteRun, prices }: Pick<RunDeps, 'quoteRun' | 'prices'>,
  stores: Pick<WorkspaceStores, 'runs'>,
  { graph, inputs }: { graph: Graph; inputs: JsonObject },
  place: QuotePlace,
): Promise<PricedRun> {
  const settled = nodesOver(graph, place.settled ?? []);
  const measured = await measuredFor(graph, stores);
  return priceRun(await prices.current(), quoteRun, { graph, inputs }, { measured, settled }, place);
}

/** How long measured times stand for a graph that is held on to, as those of versions are. */
const MEASURED_STANDS_MS = 5_000;
const measured = new WeakMap<Graph, { until: number; times: Promise<ReadonlyMap<string, number>> }>();

function measuredFor(graph: Graph, { runs }: Pick<WorkspaceStores, 'runs'>): Promise<ReadonlyMap<string, number>> {
  const now = performance.now();
  const known = measured.get(graph);
  if (known && now < known.until) return known.times;
  const types = new Set(graph.nodes.map((node) => `${node.type}@${node.version}`));
  const times = runs.measuredMs([...types]);
  measured.set(graph, { until: now + MEASURED_STANDS_MS, times });
  times.catch(() => measured.delete(graph));
  return times;
}

function idempotencyOf(request: RunRequest): Idempotency | undefined {
  const { idempotencyKey: key, requestHash } = request;
  return key === undefined ? undefined : { key, requestHash: requestHash ?? hashOf(request) };
}

/** Tells a repeat of a request from another one under the same key. The graph of a draft may have moved on between the two. */
function hashOf({ workflow, version, inputs, priority, notBefore, part }: RunRequest): string {
  const request = {
    ...{ workflow: workflow.id, version, inputs, priority: priority ?? null },
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(part ? { part } : {}),
  };
  return createHash('sha256').update(stableStringify(request)).digest('hex');
}
