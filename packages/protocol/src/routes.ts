import { z } from 'zod';
import { runEventSchema } from './event.ts';
import type { fileRefSchema } from './file-ref.ts';
import { graphSchema } from './graph.ts';
import { jsonObjectSchema } from './item.ts';
import { nodeDescriptionSchema, nodePackageSchema } from './node-description.ts';
import { problemSchema } from './problem.ts';
import { quoteSchema } from './quote.ts';
import {
  apiKeySchema,
  runDetailSchema,
  sessionSchema,
  setupStateSchema,
  storedFileSchema,
  workflowSchema,
  workflowSummarySchema,
  workflowVersionSchema,
} from './resources.ts';
import type { Route } from './route.ts';
import { RUN_STATES, runSchema } from './run.ts';

const idParams = z.strictObject({ id: z.uuid() });
const fileParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });
const displayName = z.string().trim().min(1).max(200);
const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const password = z.string().min(10, 'expected at least 10 characters').max(200);
const graphDocument = z.unknown().meta({ description: 'A workflow graph; see the schema Graph.' });
const limit = z.coerce.number().int().min(1).max(200).default(50);

/** Every call of the REST API, by name. */
export const routes = {
  getSetup: {
    method: 'get',
    path: '/setup',
    tag: 'Accounts',
    access: 'public',
    summary: 'Whether the server still waits for its owner',
    response: setupStateSchema,
  },
  setUp: {
    method: 'post',
    path: '/setup',
    tag: 'Accounts',
    access: 'public',
    summary: 'Make the owner, once',
    body: z.strictObject({ name: displayName, email, password, code: z.string().max(64).optional() }),
    response: sessionSchema,
    status: 201,
  },
  signIn: {
    method: 'post',
    path: '/session',
    tag: 'Accounts',
    access: 'public',
    summary: 'Sign in with e-mail and password',
    body: z.strictObject({ email, password: z.string().max(200) }),
    response: sessionSchema,
    status: 201,
  },
  getSession: {
    method: 'get',
    path: '/session',
    tag: 'Accounts',
    access: 'viewer',
    summary: 'Who is signed in',
    response: sessionSchema,
  },
  signOut: { method: 'delete', path: '/session', tag: 'Accounts', access: 'viewer', summary: 'Sign out' },
  listApiKeys: {
    method: 'get',
    path: '/api-keys',
    tag: 'Accounts',
    access: 'viewer',
    summary: 'List your API keys',
    response: z.strictObject({ apiKeys: z.array(apiKeySchema) }),
  },
  createApiKey: {
    method: 'post',
    path: '/api-keys',
    tag: 'Accounts',
    access: 'editor',
    summary: 'Make an API key; it is shown this once',
    body: z.strictObject({ name: displayName }),
    response: apiKeySchema.extend({ key: z.string() }),
    status: 201,
  },
  deleteApiKey: {
    method: 'delete',
    path: '/api-keys/:id',
    tag: 'Accounts',
    access: 'editor',
    summary: 'Revoke an API key',
    params: idParams,
  },

  listNodeTypes: {
    method: 'get',
    path: '/node-types',
    tag: 'Node types',
    access: 'viewer',
    summary: 'The node types that are installed, and the packages that bring them',
    response: z.strictObject({ packages: z.array(nodePackageSchema), types: z.array(nodeDescriptionSchema) }),
  },

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
  quoteRun: {
    method: 'post',
    path: '/workflows/:id/quote',
    tag: 'Runs',
    access: 'viewer',
    summary: 'Credits and time of a run of the draft or a version, before it starts',
    params: idParams,
    body: z.strictObject({ inputs: jsonObjectSchema.optional(), version: z.int().min(1).optional() }),
    response: quoteSchema,
  },
  startRun: {
    method: 'post',
    path: '/workflows/:id/runs',
    tag: 'Runs',
    access: 'editor',
    summary: 'Run the draft or a version. The header Idempotency-Key makes a repeat answer with the first run',
    params: idParams,
    body: z.strictObject({
      inputs: jsonObjectSchema.optional(),
      version: z.int().min(1).optional(),
      priority: z.int().min(1).max(100).optional(),
    }),
    response: runSchema,
    status: 202,
  },

  listRuns: {
    method: 'get',
    path: '/runs',
    tag: 'Runs',
    access: 'viewer',
    summary: 'List runs, the newest first',
    query: z.strictObject({
      workflowId: z.uuid().optional(),
      state: z.enum(RUN_STATES).optional(),
      limit,
      cursor: z.string().max(200).optional(),
    }),
    response: z.strictObject({ runs: z.array(runSchema), nextCursor: z.string().nullable() }),
  },
  getRun: {
    method: 'get',
    path: '/runs/:id',
    tag: 'Runs',
    access: 'viewer',
    summary: 'A run with its steps and the graph it ran',
    params: idParams,
    response: runDetailSchema,
  },
  listRunEvents: {
    method: 'get',
    path: '/runs/:id/events',
    tag: 'Runs',
    access: 'viewer',
    summary: 'The events of a run after a number, logs among them',
    params: idParams,
    query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
    response: z.strictObject({ events: z.array(runEventSchema) }),
  },
  cancelRun: {
    method: 'post',
    path: '/runs/:id/cancel',
    tag: 'Runs',
    access: 'editor',
    summary: 'Cancel a run',
    params: idParams,
    response: runSchema,
  },
  repeatRun: {
    method: 'post',
    path: '/runs/:id/repeat',
    tag: 'Runs',
    access: 'editor',
    summary: 'Run again what a run ran, with the same inputs',
    params: idParams,
    response: runSchema,
    status: 202,
  },

  uploadFile: {
    method: 'post',
    path: '/files',
    tag: 'Files',
    access: 'editor',
    summary: 'Upload a file: the body is its bytes, streamed',
    query: z.strictObject({ name: z.string().min(1).max(255) }),
    body: 'bytes',
    response: storedFileSchema,
    status: 201,
  },
  listFiles: {
    method: 'get',
    path: '/files',
    tag: 'Files',
    access: 'viewer',
    summary: 'List files, the newest first',
    query: z.strictObject({ limit, cursor: z.string().max(200).optional() }),
    response: z.strictObject({ files: z.array(storedFileSchema), nextCursor: z.string().nullable() }),
  },
  getFile: {
    method: 'get',
    path: '/files/:id',
    tag: 'Files',
    access: 'viewer',
    summary: 'What is known of a file',
    params: fileParams,
    response: storedFileSchema,
  },
  getFileContent: {
    method: 'get',
    path: '/files/:id/content',
    tag: 'Files',
    access: 'viewer',
    summary: 'The bytes of a file; ranges are honoured, `download=1` asks for an attachment',
    params: fileParams,
    query: z.strictObject({ download: z.enum(['1']).optional(), name: z.string().max(255).optional() }),
    response: 'bytes',
  },
  getFileThumbnail: {
    method: 'get',
    path: '/files/:id/thumbnail',
    tag: 'Files',
    access: 'viewer',
    summary: 'A small WebP of a picture, at most `size` pixels wide and high',
    params: fileParams,
    query: z.strictObject({
      size: z.coerce
        .number()
        .pipe(z.union([z.literal(160), z.literal(480), z.literal(1600)]))
        .default(480),
    }),
    response: 'bytes',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

/** Where the REST API begins. */
export const API_PREFIX = '/api/v1';

/** The messages of the live connection (Socket.IO, at `/socket.io`). */
export const LIVE = {
  /** client -> server: `{ runId, after }`; acknowledged with `{ ok: true }` or `{ ok: false, error }`, then events after that number follow. */
  watch: 'run:watch',
  /** client -> server: `{ runId }`. */
  unwatch: 'run:unwatch',
  /** server -> client: an array of events of one run, in order. */
  events: 'run:events',
} as const;

export const watchRunSchema = z.strictObject({ runId: z.uuid(), after: z.int().min(0) });
export type WatchRun = z.infer<typeof watchRunSchema>;
export type WatchAnswer = { ok: true } | { ok: false; error: { code: string; message: string } };

/** A file reference as a run's inputs carry it: what an upload answered, without its time. */
export function fileRefOf(file: z.infer<typeof storedFileSchema>): z.infer<typeof fileRefSchema> {
  const { createdAt: _createdAt, ...ref } = file;
  return ref;
}
