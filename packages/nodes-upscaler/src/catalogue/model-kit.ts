import type { ModelKit } from '@imaginarium/node-sdk';
import { CATALOGUE } from './catalogue.ts';
import { inspectModels } from './find-installed.ts';
import { keepOwn } from './own-models.ts';
import { keepSpeed } from './speeds.ts';

/** What the server may ask of this package's models. What executes them is loaded only when it is asked. */
export const models: ModelKit = {
  catalogue: CATALOGUE,
  find: (modelsFolder) => inspectModels(modelsFolder),
  keepOwn,
  keepSpeed,
  examine: async (request) => (await import('../examine/examine-model.ts')).examineModel(request),
  measure: async (model) => (await import('../examine/measure-model.ts')).measureModel(model),
};
