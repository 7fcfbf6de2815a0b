import { join } from 'node:path';
import type { ModelEntry } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { anEntry, installTiny } from '../testing/installed-model.ts';
import { realModels, whySkipped } from '../testing/test-data.ts';
import { BadTileError, checkOutput } from './check-output.ts';
import { loadNetwork, type Planes } from './network.ts';
import { putWhole } from './planes.ts';

const gradient = (width: number, height: number) => ({
  data: Float32Array.from({ length: 3 * width * height }, (_, index) => (index % 17) / 16),
  width,
  height,
});

const tensors = (name: string): ModelEntry['inputs'] => [
  { name, dtype: 'float32', layout: 'NCHW', channels: 'rgb', range: [0, 1] },
];

describe('loadNetwork', () => {
  it('loads a network once, however often it is asked for', async () => {
    const model = await installTiny({ scale: 2 });
    expect(await loadNetwork(model)).toBe(await loadNetwork(model));
  });

  it('enlarges a tile of any size by the scale', async () => {
    const network = await loadNetwork(await installTiny({ scale: 4 }));
    const { width, height, data } = await network.enlarge(gradient(7, 5));
    expect([width, height, data.length]).toEqual([28, 20, 3 * 28 * 20]);
  });

  it('refuses a file that is no network', async () => {
    const model = await installTiny({ scale: 2 });
    await expect(loadNetwork({ ...model, path: import.meta.filename })).rejects.toThrow('tiny-x2.onnx cannot be run');
  });

  it('refuses float16, which cannot be fed', async () => {
    const model = await installTiny({ scale: 2, float16: true });
    await expect(loadNetwork(model)).rejects.toThrow(
      'tiny-x2.onnx: expected float32 at its input, received float16. Use its float32 version.',
    );
  });

  it('refuses a network whose tensors have other names', async () => {
    const model = await installTiny({ scale: 2 }, { inputs: tensors('pixels') });
    await expect(loadNetwork(model)).rejects.toThrow('expected an input called "pixels", found none');
  });

  it('refuses an output of another size than the catalogue says', async () => {
    const network = await loadNetwork(await installTiny({ scale: 2 }, { scale: 4 }));
    await expect(network.enlarge(gradient(4, 4))).rejects.toThrow(
      'expected a picture of 16 x 16, received a tensor of 1 x 3 x 8 x 8',
    );
  });

  it.skipIf(!realModels)(`refuses the broken networks of the test data${whySkipped}`, async () => {
    const load = (file: string, names: { input: string; output: string }) =>
      loadNetwork({
        path: join(realModels ?? '', file),
        speed: null,
        entry: anEntry({ file, inputs: tensors(names.input), outputs: tensors(names.output) }),
      });
    await expect(load('negative-custom-op.onnx', { input: 'input', output: 'output' })).rejects.toThrow(
      'cannot be run',
    );
    await expect(load('negative-tiny-matmul.onnx', { input: 'a', output: 'c' })).rejects.toThrow(
      'expected a picture (4 dimensions)',
    );
    await expect(load('realesr-animevideov3-x4-fp16.onnx', { input: 'input', output: 'output' })).rejects.toThrow(
      'float16',
    );
  });
});

describe('checkOutput', () => {
  /** Checks an output of 4 x 4 after it was written, as a pass does. */
  const check = (input: Planes, data: Float32Array) => {
    const output = { data, width: 4, height: 4 };
    const rows = { data: new Uint8Array(48), width: 4, channels: 3, top: 0, full: 255 } as const;
    checkOutput(input, output, putWhole(output, rows, 0, 0));
  };

  it('refuses values that are not numbers, or not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const at of [3, 20, 40]) {
        const { data } = gradient(4, 4);
        data[at] = bad;
        expect(() => check(gradient(2, 2), data)).toThrow(BadTileError);
      }
  });

  it('refuses a flat output unless the input was flat', () => {
    const flat = new Float32Array(48).fill(0.3);
    expect(() => check(gradient(2, 2), flat)).toThrow('one flat colour');
    expect(() => check({ data: new Float32Array(12).fill(0.5), width: 2, height: 2 }, flat)).not.toThrow();
  });

  it('takes a picture whose green is flat', () => {
    const data = Float32Array.from({ length: 48 }, (_, index) => (index < 16 ? index / 16 : 0));
    expect(() => check(gradient(2, 2), data)).not.toThrow();
  });
});
