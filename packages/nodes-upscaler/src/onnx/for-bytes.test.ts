import { describe, expect, it } from 'vitest';
import { readOnnx } from '../examine/onnx-file.ts';
import { loadNetwork } from '../inference/network.ts';
import { type PixelRows, planesOf, putWhole } from '../inference/planes.ts';
import { cutPixels, putSquares } from '../inference/squares.ts';
import { installTiny } from '../testing/installed-model.ts';
import { plainModel, tinyModel } from '../testing/onnx-model.ts';
import { BYTES_IN, BYTES_OUT, networkForBytes } from './for-bytes.ts';
import { messageOf } from './write-message.ts';

const noise = (width: number, height: number): PixelRows => ({
  ...{ width, channels: 3, top: 0, full: 255 },
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24),
});

describe('a network for bytes', () => {
  it('takes pixels and gives squares, in place of planes', () => {
    const bytes = networkForBytes(tinyModel({ scale: 2, pixelsLast: true })) ?? new Uint8Array();
    const { inputs, outputs, nodes } = readOnnx(bytes);
    expect([inputs, outputs].map(([value]) => ({ name: value?.name, dtype: value?.dtype }))).toEqual([
      { name: BYTES_IN, dtype: 2 },
      { name: BYTES_OUT, dtype: 2 },
    ]);
    expect(nodes.map(({ op }) => op)).toEqual('Transpose Cast Div Conv Relu Conv QuantizeLinear Transpose'.split(' '));
  });

  it('is not made of what ends in another way', () => {
    expect(networkForBytes(tinyModel({ scale: 2 }))).toBeUndefined();
    const blurred = plainModel(2, ({ graph }) =>
      graph.node.push({ input: ['output'], output: ['x'], op_type: 'Relu' }),
    );
    expect(networkForBytes(blurred)).toBeUndefined();
    expect(networkForBytes(messageOf([1, 8]))).toBeUndefined();
    expect(networkForBytes(Buffer.from('no model'))).toBeUndefined();
  });

  it.each([2, 3, 4])('gives what the network gives, rounded, at %ix', async (scale) => {
    const network = await loadNetwork(await installTiny({ scale, pixelsLast: true }));
    for (const [width, height] of [
      [1, 1],
      [7, 5],
      [33, 20],
    ] as const) {
      const rows = noise(width, height);
      const area = { left: 0, top: 0, width, height };
      const empty = (): PixelRows => ({ ...noise(width * scale, height * scale), top: 0 });
      const [planes, bytes] = [empty(), empty()];
      putWhole(await network.enlarge(planesOf(rows, area)), planes, 0, 0);
      const squares = await network.enlargeBytes?.(cutPixels(rows, area));
      if (!squares) throw new Error('It was not made for bytes.');
      putSquares(squares, area, bytes, 0, 0);
      expect(bytes.data).toEqual(planes.data);
    }
  });
});
