import type { NodeCatalogue } from '@imaginarium/protocol';
import { openRegistry } from '@imaginarium/server/packages';
import { beforeAll, expect, it } from 'vitest';
import { nodePackages } from '../installed.ts';
import { type UpscaleWish, upscaleNode } from './upscale-node.ts';

let catalogue: NodeCatalogue;
beforeAll(async () => {
  catalogue = await openRegistry(await nodePackages([]));
});

it.each<[UpscaleWish, string, object]>([
  [{}, 'upscaler.standard', {}],
  [{ tier: 'billboard', format: 'png' }, 'upscaler.billboard', { format: 'png' }],
  [{ target: '8K', model: 'imaginarium-x4' }, 'upscaler.to-size', { target: '8k', model: 'imaginarium-x4' }],
  [{ target: '3000x2000' }, 'upscaler.to-size', { target: 'custom', width: 3000, height: 2000 }],
  [{ target: 'x2000' }, 'upscaler.to-size', { target: 'custom', width: 0, height: 2000 }],
])('does %j with %s', (wish, type, params) => {
  expect(upscaleNode(wish, catalogue)).toMatchObject({ type, params });
});

it.each<[UpscaleWish, string]>([
  [{ tier: 'huge' }, '--tier: expected one of free, standard, professional, billboard, received "huge"'],
  [{ tier: 'constructor' }, '--tier: expected one of'],
  [{ tier: 'free', target: '4k' }, 'Give one of the two.'],
  [{ target: '4000' }, '--target: expected 2k, 4k, 8k, or a width and height'],
  [{ target: 'x' }, '--target: expected 2k, 4k, 8k, or a width and height'],
  [{ target: '40000x' }, '--target: width: expected at most 16384, received 40000'],
  [{ format: 'bmp' }, '--format: expected same, png, jpeg, webp, avif, tiff, received "bmp"'],
])('refuses %j in a sentence', (wish, message) => {
  expect(() => upscaleNode(wish, catalogue)).toThrow(message);
});
