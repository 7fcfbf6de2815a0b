import { expect, it } from 'vitest';
import { installTiny } from '../testing/installed-model.ts';
import { loadNetwork } from './network.ts';

const tile = { data: new Float32Array(3 * 20 * 20).fill(0.4), width: 20, height: 20 };

it('rests, unless it is at work, and goes on when it is used again', async () => {
  const network = await loadNetwork(await installTiny({ scale: 2, pixelsLast: true }));
  const before = (await network.enlarge(tile)).data.slice();
  await network.rest();
  await network.rest();
  const working = network.enlarge(tile);
  await network.rest();
  expect((await working).data).toEqual(before);
  const pixels = { data: new Uint8Array(3 * 20 * 20).fill(102), width: 20, height: 20 };
  const [first, second] = await Promise.all([network.enlargeBytes?.(pixels), network.enlargeBytes?.(pixels)]);
  expect(second?.data).toEqual(first?.data);
});
