import type { PictureFormat } from '@imaginarium/pictures';
import type { Stage } from './stage.ts';

/** What a tier is, as data: the node type, its form and its work follow from it. */
export interface Tier {
  /** The node type. */
  type: `upscaler.${string}`;
  title: string;
  summary: string;
  /** Words a search finds it by, beside those that all tiers share. */
  aliases: readonly string[];
  stages: readonly Stage[];
  /** What the network that `auto` chooses for the first pass may take for a million pixels, in milliseconds. */
  budgetMs: number;
  /** What it writes unless a person chooses: the format of the input, or one of its own. */
  format: 'same' | PictureFormat;
  quality: number;
  /** Whether a tier that puts no layers together matches the colours of the input where a person asks for it. */
  mayMatchColours?: boolean;
  /** Megabytes that the process holds beside its network at its peak: rows of pixels, layers, the encoder. Measured with photos of 24 million pixels. */
  besideMb: number;
  /** How urgent runs with it are, 1 to 10. */
  priority: number;
  /** Most pictures at work in it at the same time, in one worker. */
  concurrency: number;
  /** For a picture of a million pixels on two cores, until this machine has measured its own. */
  typicalMs: number;
}
