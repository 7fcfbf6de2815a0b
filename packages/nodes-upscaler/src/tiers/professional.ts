import { STAGES } from './stage.ts';
import { tierNode } from './tier-node.ts';

/** Makes a picture's sides eight times as long, in two passes. */
export const professional = tierNode({
  type: 'upscaler.professional',
  title: 'Upscale 8x',
  summary: 'Makes a picture eight times as wide and high, in two passes, for large prints.',
  aliases: ['eight times', '8x', 'print', 'poster'],
  stages: STAGES.professional,
  budgetMs: 20_000,
  format: 'same',
  quality: 92,
  besideMb: 150,
  priority: 7,
  concurrency: 2,
  typicalMs: 50_000,
});
