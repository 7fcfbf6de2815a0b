import { z } from 'zod';
import { graphSchema } from '../graph.ts';
import { problemSchema } from '../problem.ts';
import { workflowSchema, workflowSummarySchema, workflowVersionSchema } from '../resources.ts';
import type { Route } from '../route.ts';
import { displayName, graphDocument, idParams } from './shared.ts';

/** Workflows, their drafts and versions. */
export const workflowRoutes = {
  listWorkflows: {
    method: 'get',
    path: '/workflows',
    tag: 'Workflows',
    access: 'viewer',
    summary: 'List workflows, the last changed first',
    response: z.strictObject({ workflows: z.array(workflowSummarySchema) }),
  },
  createWorkflow: {
    method: 'post',
    path: '/workflows',
    tag: 'Workflows',
    access: 'editor',
    summary: 'Make a workflow',
    body: z.strictObject({ name: displayName, graph: graphDocument.optional() }),
    response: workflowSchema,
    status: 201,
  },
  getWorkflow: {
    method: 'get',
    path: '/workflows/:id',
    tag: 'Workflows',
    access: 'viewer',
    summary: 'A workflow with its draft',
    params: idParams,
    response: workflowSchema,
  },
  renameWorkflow: {
    method: 'patch',
    path: '/workflows/:id',
    tag: 'Workflows',
    access: 'editor',
    summary: 'Rename a workflow',
    params: idParams,
    body: z.strictObject({ name: displayName }),
    response: workflowSummarySchema,
  },
  deleteWorkflow: {
    method: 'delete',
    path: '/workflows/:id',
    tag: 'Workflows',
    access: 'editor',
    summary: 'Remove a workflow; its runs stay',
    params: idParams,
  },
  saveDraft: {
    method: 'put',
    path: '/workflows/:id/draft',
    tag: 'Workflows',
    access: 'editor',
    summary: 'Save the draft; refused with draft-conflict when somebody saved since the revision named',
    params: idParams,
    body: z.strictObject({ graph: graphDocument, revision: z.int().min(1) }),
    response: z.strictObject({
      revision: z.int().min(1),
      updatedAt: z.iso.datetime(),
      problems: z.array(problemSchema),
    }),
  },
  listVersions: {
    method: 'get',
    path: '/workflows/:id/versions',
    tag: 'Workflows',
    access: 'viewer',
    summary: 'The versions of a workflow, the newest first',
    params: idParams,
    response: z.strictObject({ versions: z.array(workflowVersionSchema) }),
  },
  createVersion: {
    method: 'post',
    path: '/workflows/:id/versions',
    tag: 'Workflows',
    access: 'editor',
    summary: 'Make a version of the draft as it is',
    params: idParams,
    body: z.strictObject({ label: z.string().trim().max(200).optional() }),
    response: workflowVersionSchema,
    status: 201,
  },
  getVersion: {
    method: 'get',
    path: '/workflows/:id/versions/:version',
    tag: 'Workflows',
    access: 'viewer',
    summary: 'A version with its graph',
    params: z.strictObject({ id: z.uuid(), version: z.coerce.number().int().min(1) }),
    response: workflowVersionSchema.extend({ graph: graphSchema }),
  },
} as const satisfies Record<string, Route>;
