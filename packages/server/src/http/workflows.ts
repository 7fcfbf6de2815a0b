import { emptyGraph, validateGraph } from '@imaginarium/protocol';
import { readGraph } from '../workflows/read-graph.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

type WorkflowRoute =
  | 'listWorkflows'
  | 'createWorkflow'
  | 'getWorkflow'
  | 'renameWorkflow'
  | 'deleteWorkflow'
  | 'saveDraft'
  | 'listVersions'
  | 'createVersion'
  | 'getVersion';

/** Workflows, their drafts and versions. */
export function workflowHandlers({ catalogue, limits }: AppDeps): Pick<Handlers, WorkflowRoute> {
  return {
    async listWorkflows({ stores }) {
      return { workflows: await stores.workflows.list() };
    },

    async createWorkflow({ stores, principal, body, res }) {
      const { graph } = body.graph === undefined ? { graph: emptyGraph() } : readGraph(body.graph, catalogue);
      await limits.countWorkflow(principal.user.id);
      const workflow = await stores.workflows.create({ name: body.name, graph });
      res.location(`/api/v1/workflows/${workflow.id}`);
      return { ...workflow, problems: validateGraph(workflow.draft, catalogue) };
    },

    async getWorkflow({ stores, params }) {
      const workflow = await stores.workflows.get(params.id);
      if (!workflow) throw notFound('workflow', params.id);
      return { ...workflow, problems: validateGraph(workflow.draft, catalogue) };
    },

    async renameWorkflow({ stores, params, body }) {
      const workflow = await stores.workflows.rename(params.id, body.name);
      if (!workflow) throw notFound('workflow', params.id);
      return workflow;
    },

    async deleteWorkflow({ stores, params }) {
      const deleted = await stores.workflows.delete(params.id);
      if (!deleted) throw notFound('workflow', params.id);
      return undefined;
    },

    async saveDraft({ stores, params, body }) {
      const { graph, problems } = readGraph(body.graph, catalogue);
      const saved = await stores.workflows.saveDraft(params.id, { graph, revision: body.revision });
      if (!saved) throw notFound('workflow', params.id);
      if ('conflict' in saved) {
        throw new HttpError(
          'draft-conflict',
          `Somebody saved this workflow since revision ${body.revision}: it is at revision ${saved.conflict} now. Reload it, or save yours as a new workflow.`,
          { revision: saved.conflict },
        );
      }
      return { revision: saved.revision, updatedAt: saved.updatedAt, problems };
    },

    async listVersions({ stores, params }) {
      const versions = await stores.workflows.listVersions(params.id);
      if (!versions) throw notFound('workflow', params.id);
      return { versions };
    },

    async createVersion({ stores, params, body, principal }) {
      const version = await stores.workflows.createVersion(params.id, {
        label: body.label || null,
        createdBy: principal.user.name,
      });
      if (!version) throw notFound('workflow', params.id);
      return version;
    },

    async getVersion({ stores, params }) {
      const version = await stores.workflows.getVersion(params.id, params.version);
      if (!version) throw notFound('version', `${params.version} of workflow ${params.id}`);
      return version;
    },
  };
}
