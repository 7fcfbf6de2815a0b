import { definePackage } from '@imaginarium/node-sdk';
import { models } from './catalogue/model-kit.ts';
import { cleanBackground } from './clean-background/clean-background.ts';
import { colourCorrect } from './colour-correct/colour-correct.ts';
import { compare } from './compare/compare.ts';
import { denoise } from './denoise/denoise.ts';
import { faceRestore } from './face-restore/face-restore.ts';
import { sharpen } from './sharpen/sharpen.ts';
import { smartCrop } from './smart-crop/smart-crop.ts';
import { superResolution } from './super-resolution/super-resolution.ts';
import { billboard } from './tiers/billboard.ts';
import { free } from './tiers/free.ts';
import { professional } from './tiers/professional.ts';
import { standard } from './tiers/standard.ts';
import { toSize } from './to-size/to-size.ts';

const enhancing = [faceRestore, denoise, colourCorrect, sharpen, cleanBackground, smartCrop];

export { billboard, compare, free, professional, standard, superResolution, toSize };

export default definePackage({
  nodes: [free, standard, professional, billboard, toSize, superResolution, ...enhancing, compare],
  models,
});
