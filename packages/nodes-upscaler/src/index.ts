import { definePackage } from '@imaginarium/node-sdk';
import { models } from './catalogue/model-kit.ts';
import { compare } from './compare/compare.ts';
import { billboard } from './tiers/billboard.ts';
import { free } from './tiers/free.ts';
import { professional } from './tiers/professional.ts';
import { standard } from './tiers/standard.ts';
import { toSize } from './to-size/to-size.ts';

export { billboard, compare, free, professional, standard, toSize };

export default definePackage({ nodes: [free, standard, professional, billboard, toSize, compare], models });
