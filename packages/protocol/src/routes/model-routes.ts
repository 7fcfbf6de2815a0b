import { z } from 'zod';
import { modelNameSchema, modelStateSchema } from '../model.ts';
import type { Route } from '../route.ts';

const name = z.strictObject({ name: modelNameSchema });

/** The models of the installation: everybody who edits sees them, the owner of the server changes them. */
export const modelRoutes = {
  listModels: {
    method: 'get',
    path: '/models',
    tag: 'Models',
    access: 'viewer',
    summary: 'The models that can be installed, those that are, and downloads under way',
    response: z.strictObject({
      models: z.array(modelStateSchema),
      /** Whether the caller may install and remove them. */
      mayChange: z.boolean(),
    }),
  },
  pullModel: {
    method: 'post',
    path: '/models/:name/pull',
    tag: 'Models',
    access: 'owner',
    summary: 'Fetch a model, going on where an earlier download ended; the list tells its progress',
    params: name,
    body: z.strictObject({
      /** Says that the caller accepts the licence: needed where it is not for commercial use. */
      acceptLicence: z.boolean().optional(),
    }),
    response: modelStateSchema,
    status: 202,
  },
  cancelModelPull: {
    method: 'post',
    path: '/models/:name/pull/cancel',
    tag: 'Models',
    access: 'owner',
    summary: 'Stop a download; what is here already is kept for the next try',
    params: name,
    response: modelStateSchema,
  },
  verifyModel: {
    method: 'post',
    path: '/models/:name/verify',
    tag: 'Models',
    access: 'owner',
    summary: 'Read the whole file of a model and compare it with the catalogue',
    params: name,
    response: modelStateSchema,
  },
  measureModel: {
    method: 'post',
    path: '/models/:name/measure',
    tag: 'Models',
    access: 'owner',
    summary: 'Measure how fast a model is on this machine; it takes some seconds',
    params: name,
    response: modelStateSchema,
  },
  removeModel: {
    method: 'delete',
    path: '/models/:name',
    tag: 'Models',
    access: 'owner',
    summary: 'Remove the file of a model, and an own model from the list',
    params: name,
  },
  importModel: {
    method: 'post',
    path: '/models/import',
    tag: 'Models',
    access: 'owner',
    summary:
      'Install a model from an ONNX file: one of the catalogue is known by its bytes, any other is examined first',
    query: z.strictObject({
      /** The name of the file. */
      name: z.string().min(1).max(200),
      /** Says that the caller accepts the licence of a catalogue model, where it is not for commercial use. */
      acceptLicence: z.stringbool().optional(),
    }),
    body: 'bytes',
    response: modelStateSchema,
    status: 201,
  },
} as const satisfies Record<string, Route>;
