import { STAGES } from './stage.ts';
import { tierNode } from './tier-node.ts';

/** Makes a picture's sides sixteen times as long, in two passes. */
export const billboard = tierNode({
  type: 'upscaler.billboard',
  title: 'Upscale 16x',
  summary: 'Makes a picture sixteen times as wide and high, in two passes, for prints that fill a wall.',
  aliases: ['sixteen times', '16x', 'print', 'banner', 'large format'],
  stages: STAGES.billboard,
  budgetMs: 60_000,
  format: 'jpeg',
  quality: 95,
  besideMb: 200,
  priority: 10,
  concurrency: 1,
  typicalMs: 100_000,
});
