import {
  compareSteps,
  countStates,
  fileInputs,
  type Graph,
  type RunChanges,
  readingOrder,
  type Step,
} from '@imaginarium/protocol';
import type { Principal } from '../accounts/account-store.ts';
import { waitsFor } from '../queue/queue-state.ts';
import { acceptRun, quoteFor } from '../runs/accept-run.ts';
import { cancelRun } from '../runs/cancel-run.ts';
import { checkQuote } from '../runs/check-run.ts';
import { loopIterations, stepsInside } from '../runs/loop-iterations.ts';
import { repeatRun } from '../runs/repeat-run.ts';
import type { RunLook } from '../runs/run-list.ts';
import { settledSteps } from '../runs/settled-steps.ts';
import { workspaceQuote } from '../runs/workspace-quote.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { asHttpError } from './known-errors.ts';

type RunRoute =
  | 'quoteRun'
  | 'startRun'
  | 'listRuns'
  | 'getRun'
  | 'getRunChanges'
  | 'listRunSteps'
  | 'listRunIterations'
  | 'listRunEvents'
  | 'cancelRun'
  | 'repeatRun'
  | 'repeatRuns'
  | 'dismissRuns';

/** Runs: what they will cost, starting, watching, ending and repeating them. */
export function runHandlers(deps: AppDeps): Pick<Handlers, RunRoute> {
  return {
    async quoteRun({ stores, principal, params, body }) {
      const { workflow, graph } = await graphToRun(stores, params.id, body.version);
      const inputs = fileInputs(graph, body.inputs ?? {}, deps.catalogue);
      const settled = await settledFor(stores, principal, workflow.id, graph, body);
      checkQuote(graph, inputs, deps.catalogue, settled);
      const place = { workspaceId: principal.workspace.id, workflow, settled, look: 'all' } as const;
      return workspaceQuote(await quoteFor(deps, stores, { graph, inputs }, place), deps, stores);
    },

    async startRun({ stores, principal, params, body, req, res }) {
      const { workflow, graph } = await graphToRun(stores, params.id, body.version);
      const { until, from } = body;
      const run = await acceptRun(
        deps,
        { principal, stores },
        {
          workflow,
          version: body.version ?? null,
          graph,
          inputs: body.inputs ?? {},
          priority: body.priority,
          notBefore: timeOf(body.notBefore),
          maxCredits: body.maxCredits,
          idempotencyKey: idempotencyKeyOf(req),
          settled: await settledFor(stores, principal, workflow.id, graph, body),
          part: until === undefined && !from ? undefined : { until: until ?? null, from: from ?? null },
        },
      );
      res.location(`/api/v1/runs/${run.id}`);
      return run;
    },

    listRuns: ({ stores, query }) => stores.runs.list(query),

    async getRun({ stores, params }) {
      const look = await lookAt(stores, params.id, 0);
      return { ...(await changesOf(deps, look)), graph: look.record.graph };
    },

    getRunChanges: async ({ stores, params, query }) => changesOf(deps, await lookAt(stores, params.id, query.after)),

    async listRunSteps({ stores, params, query }) {
      const { steps } = await findRun(stores, params.id);
      const { node, iteration, skip, limit } = query;
      // A record has the steps of a node in the order of their iterations.
      const asked = steps.filter(
        (step) =>
          (node === undefined || step.node === node) && (iteration === undefined || step.iteration === iteration),
      );
      return { steps: asked.slice(skip, skip + limit), total: asked.length };
    },

    async listRunIterations({ stores, params, query }) {
      const { steps } = await findRun(stores, params.id);
      const { loop, within, state, skip, limit } = query;
      const all = loopIterations(steps, loop, within);
      const asked = state === undefined ? all : all.filter((entry) => entry.state === state);
      const states = countStates(all.map((entry) => entry.state));
      return { iterations: asked.slice(skip, skip + limit), total: asked.length, states };
    },

    async listRunEvents({ stores, params, query }) {
      await findRun(stores, params.id);
      return { events: await deps.runStore.events(params.id, query.after) };
    },

    async cancelRun({ stores, params }) {
      const { run } = await findRun(stores, params.id);
      return cancelRun(deps, run);
    },

    async repeatRun({ stores, principal, params, body, req, res }) {
      const record = await findRun(stores, params.id);
      const usePinned = usesPinned(principal, record.run.version);
      const request = { ...body, usePinned, idempotencyKey: idempotencyKeyOf(req) };
      const run = await repeatRun(deps, { principal, stores }, record, request);
      res.location(`/api/v1/runs/${run.id}`);
      return run;
    },

    async repeatRuns({ stores, principal, body: { runIds, from } }) {
      const results = [];
      for (const runId of new Set(runIds)) {
        try {
          const record = await findRun(stores, runId);
          const usePinned = usesPinned(principal, record.run.version);
          const run = await repeatRun(deps, { principal, stores }, record, { from, usePinned });
          results.push({ runId, run, error: null });
        } catch (error) {
          // One that cannot be repeated does not keep the others from it.
          const refusal = asHttpError(error);
          if (!refusal) throw error;
          results.push({ runId, run: null, error: { code: refusal.code, message: refusal.message } });
        }
      }
      return { results };
    },

    dismissRuns: async ({ stores, body }) => ({ dismissed: await stores.runs.dismiss(body.runIds) }),
  };
}

/** How far ahead a run may be put off. */
const MOST_AHEAD_MS = 366 * 24 * 3_600_000;

/** @throws {HttpError} for a moment that is too far ahead. */
function timeOf(notBefore: string | undefined): string | undefined {
  if (notBefore === undefined) return undefined;
  const latest = Date.now() + MOST_AHEAD_MS;
  if (Date.parse(notBefore) <= latest) return new Date(notBefore).toISOString();
  throw new HttpError(
    'bad-request',
    `body.notBefore: expected a moment within a year, received ${notBefore}. A schedule starts runs without end.`,
  );
}

/** The steps that are settled before a run of a workflow begins: what is pinned, and what is not in the part that was asked for. */
async function settledFor(
  stores: WorkspaceStores,
  principal: Principal,
  workflowId: string,
  graph: Graph,
  asked: {
    version?: number | undefined;
    until?: string | undefined;
    from?: { runId: string; node: string } | undefined;
  },
): Promise<Step[]> {
  const { until, from, version = null } = asked;
  const record = from && (await findRun(stores, from.runId));
  if (record && record.run.workflowId !== workflowId) throw notFound('run of this workflow', record.run.id);
  const part = { until, from: from && record && { node: from.node, record } };
  return settledSteps(graph, part, usesPinned(principal, version));
}

/** Pinned items help whoever draws a workflow: what a version or a program runs is always executed. */
function usesPinned(principal: Principal, version: number | null): boolean {
  return version === null && principal.by === 'session';
}

async function lookAt(stores: WorkspaceStores, id: string, after: number): Promise<RunLook> {
  const look = await stores.runs.look(id, after);
  if (!look) throw notFound('run', id);
  return look;
}

/** A run as it stands, with those of its steps outside of loops that have changed, in the order in which the graph is read. */
async function changesOf(
  { queueStore, catalogue, clock }: Pick<AppDeps, 'queueStore' | 'catalogue' | 'clock'>,
  { record, changed, cursor }: RunLook,
): Promise<RunChanges> {
  const { run, steps, graph } = record;
  const waiting = await waitsFor(record, queueStore, () => catalogue.packages(), clock.now());
  const inOrder = steps.toSorted(compareSteps(readingOrder(graph)));
  const inside = stepsInside(inOrder);
  const outside = inOrder.filter((step) => step.iteration === '' && changed.has(step));
  return { ...run, steps: outside, waitsFor: waiting, cursor, ...(inside.length > 0 ? { inside } : {}) };
}

async function findRun(stores: WorkspaceStores, id: string) {
  const record = await stores.runs.get(id);
  if (!record) throw notFound('run', id);
  return record;
}

async function graphToRun(
  stores: WorkspaceStores,
  id: string,
  version: number | undefined,
): Promise<{ workflow: { id: string; name: string }; graph: Graph }> {
  const workflow = await stores.workflows.get(id);
  if (!workflow) throw notFound('workflow', id);
  if (version === undefined) return { workflow, graph: workflow.draft };
  const stored = await stores.workflows.getVersion(id, version);
  if (!stored) throw notFound('version', `${version} of workflow ${id}`);
  return { workflow, graph: stored.graph };
}
