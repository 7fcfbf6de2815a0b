import { definePackage } from '@imaginarium/node-sdk';
import { free } from './free/free.ts';

export { CATALOGUE } from './catalogue/catalogue.ts';
export type { ModelEntry, ModelTask } from './catalogue/entry.ts';
export {
  findInstalled,
  type InstalledModel,
  inspectModels,
  type ModelState,
  type ModelWish,
} from './catalogue/find-installed.ts';
export { free };

export default definePackage({ nodes: [free] });
