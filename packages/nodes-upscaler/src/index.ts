import { definePackage } from '@imaginarium/node-sdk';
import { compare } from './compare/compare.ts';
import { billboard } from './tiers/billboard.ts';
import { free } from './tiers/free.ts';
import { professional } from './tiers/professional.ts';
import { standard } from './tiers/standard.ts';
import { toSize } from './to-size/to-size.ts';

export { CATALOGUE } from './catalogue/catalogue.ts';
export type { ModelEntry, ModelTask } from './catalogue/entry.ts';
export {
  findInstalled,
  type InstalledModel,
  inspectModels,
  type ModelState,
  type ModelWish,
} from './catalogue/find-installed.ts';
export { billboard, compare, free, professional, standard, toSize };

export default definePackage({ nodes: [free, standard, professional, billboard, toSize, compare] });
