import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../examine/onnx-file.ts';
import { refuseOnnx } from '../examine/refuse-onnx.ts';
import { loadNetwork } from '../inference/network.ts';
import { type PixelRows, planesOf, putWhole } from '../inference/planes.ts';
import { cutPixels, putSquares } from '../inference/squares.ts';
import { CATALOGUE } from './catalogue.ts';
import { inspectModels } from './find-installed.ts';

const SHIPPED = CATALOGUE.filter((entry) => entry.origin === 'shipped');

/** Written beside a network when it was exported: a small picture, and what the training framework gave for it. */
interface Expectation {
  /** Pixels of the input. */
  width: number;
  height: number;
  /** Base64 of float32 planes. */
  input: string;
  output: string;
}

const floats = (base64: string) => new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);

describe('the networks that come with the package', () => {
  it('are there, whole, in under 2 MB', async () => {
    const states = await inspectModels('/nonexistent', SHIPPED);
    expect(states.map(({ state }) => state)).toEqual(SHIPPED.map(() => 'installed'));
    expect(SHIPPED.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBeLessThan(2e6);
  });

  it("would be taken as networks of somebody's own: what the recipe makes can be imported", async () => {
    for (const { path } of await inspectModels('/nonexistent', SHIPPED))
      expect(refuseOnnx(readOnnx(await readFile(path)))).toEqual([]);
  });

  it.each(SHIPPED.map((entry) => [entry.name, entry] as const))(
    '%s gives what it gave where it was trained',
    async (_name, entry) => {
      const [model] = await inspectModels('/nonexistent', [entry]);
      if (!model) throw new Error('The catalogue is empty.');
      const network = await loadNetwork(model);
      const text = await readFile(model.path.replace(/\.onnx$/, '.json'), 'utf8');
      const expected = JSON.parse(text) as Expectation;
      const { width, height } = expected;
      const given = await network.enlarge({ data: floats(expected.input), width, height });
      const wanted = floats(expected.output);
      expect(given.data).toHaveLength(wanted.length);
      // Weights are stored with 16 bits: an eighth of a level of 8 bits is their rounding.
      for (const [index, value] of wanted.entries())
        expect(Math.abs((given.data[index] ?? 2) - value)).toBeLessThan(1 / 2048);
    },
  );

  it.each(SHIPPED.map((entry) => [entry.name, entry] as const))(
    '%s gives for bytes what it gives for planes, rounded',
    async (_name, entry) => {
      const [model] = await inspectModels('/nonexistent', [entry]);
      if (!model) throw new Error('The catalogue is empty.');
      const network = await loadNetwork(model);
      const area = { left: 0, top: 0, width: 40, height: 30 };
      const data = Uint8Array.from({ length: 3 * 40 * 30 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24);
      const rows: PixelRows = { data, width: 40, channels: 3, top: 0, full: 255 };
      const empty = (): PixelRows => ({
        ...rows,
        width: 40 * entry.scale,
        data: new Uint8Array(3 * 40 * 30 * entry.scale ** 2),
      });
      const [planes, bytes] = [empty(), empty()];
      putWhole(await network.enlarge(planesOf(rows, area)), planes, 0, 0);
      const squares = await network.enlargeBytes?.(cutPixels(rows, area));
      if (!squares) throw new Error('It is not made for bytes.');
      putSquares(squares, area, bytes, 0, 0);
      // Half-way between two levels, the last digit decides.
      const apart = bytes.data.filter((value, at) => value !== planes.data[at]).length;
      expect(apart).toBeLessThan(bytes.data.length / 10_000);
    },
  );
});
