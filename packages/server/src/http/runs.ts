import { compareSteps, type Graph, topologicalOrder } from '@imaginarium/protocol';
import type { Request } from 'express';
import type { Principal } from '../accounts/account-store.ts';
import { acceptRun, quoteFor } from '../runs/accept-run.ts';
import { cancelRun } from '../runs/cancel-run.ts';
import { checkQuote } from '../runs/check-run.ts';
import { repeatedSteps, settledSteps } from '../runs/settled-steps.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

type RunRoute = 'quoteRun' | 'startRun' | 'listRuns' | 'getRun' | 'listRunEvents' | 'cancelRun' | 'repeatRun';

/** Runs: what they will cost, starting, watching, ending and repeating them. */
export function runHandlers(deps: AppDeps): Pick<Handlers, RunRoute> {
  return {
    async quoteRun({ stores, params, body }) {
      const { graph } = await graphToRun(stores, params.id, body.version);
      const inputs = body.inputs ?? {};
      checkQuote(graph, inputs, deps.catalogue);
      return quoteFor(deps, stores, graph, inputs);
    },

    async startRun({ stores, principal, params, body, req, res }) {
      const { workflow, graph } = await graphToRun(stores, params.id, body.version);
      const { until, from } = body;
      const record = from && (await findRun(stores, from.runId));
      if (record && record.run.workflowId !== workflow.id) throw notFound('run of this workflow', record.run.id);
      const run = await acceptRun(
        deps,
        { principal, stores },
        {
          workflow,
          version: body.version ?? null,
          graph,
          inputs: body.inputs ?? {},
          priority: body.priority,
          idempotencyKey: idempotencyKeyOf(req),
          settled: settledSteps(
            graph,
            { until, from: from && record && { node: from.node, record } },
            usesPinned(principal, body.version ?? null),
          ),
          part: until === undefined && !from ? undefined : { until: until ?? null, from: from ?? null },
        },
      );
      res.location(`/api/v1/runs/${run.id}`);
      return run;
    },

    listRuns: ({ stores, query }) => stores.runs.list(query),

    async getRun({ stores, params }) {
      const { run, steps, graph } = await findRun(stores, params.id);
      const { order } = topologicalOrder(graph.nodes, graph.edges);
      return { ...run, steps: steps.toSorted(compareSteps(order)), graph };
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
      const { run: first, graph } = record;
      if (body.from === 'failed' && body.inputs)
        throw new HttpError(
          'bad-request',
          'body.inputs: expected none with from "failed", received some. Other inputs need a run from the start.',
        );
      const run = await acceptRun(
        deps,
        { principal, stores },
        {
          workflow: { id: first.workflowId, name: first.workflowName },
          version: first.version,
          graph,
          inputs: body.inputs ?? first.inputs,
          priority: first.priority,
          idempotencyKey: idempotencyKeyOf(req),
          settled: repeatedSteps(record, body.from, usesPinned(principal, first.version)),
          part: body.from === 'failed' ? { failed: first.id } : undefined,
        },
      );
      res.location(`/api/v1/runs/${run.id}`);
      return run;
    },
  };
}

/** Pinned items help whoever draws a workflow: what a version or a program runs is always executed. */
function usesPinned(principal: Principal, version: number | null): boolean {
  return version === null && principal.by === 'session';
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

function idempotencyKeyOf(req: Request): string | undefined {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(
    'bad-request',
    `Idempotency-Key: expected 1 to 255 plain characters, received ${String(key).length}`,
  );
}
