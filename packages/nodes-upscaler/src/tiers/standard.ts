import { STAGES } from './stage.ts';
import { tierNode } from './tier-node.ts';

/** Makes a picture's sides four times as long. */
export const standard = tierNode({
  type: 'upscaler.standard',
  title: 'Upscale 4x',
  summary: 'Makes a picture four times as wide and high and draws its detail anew.',
  aliases: ['four times', '4x', 'print'],
  stages: STAGES.standard,
  budgetMs: 26_000,
  format: 'same',
  quality: 92,
  mayMatchColours: true,
  besideMb: 100,
  priority: 5,
  concurrency: 4,
  typicalMs: 8000,
});
