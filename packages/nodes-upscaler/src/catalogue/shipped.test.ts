import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadNetwork } from '../inference/network.ts';
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
});
