import { STAGES } from './stage.ts';
import { tierNode } from './tier-node.ts';

/** Doubles a picture's sides. */
export const free = tierNode({
  type: 'upscaler.free',
  title: 'Upscale 2x',
  summary: 'Doubles the width and height of a picture and sharpens its detail.',
  aliases: ['double'],
  stages: STAGES.free,
  budgetMs: 10_000,
  format: 'same',
  quality: 92,
  besideMb: 100,
  priority: 1,
  concurrency: 10,
  typicalMs: 5000,
});
