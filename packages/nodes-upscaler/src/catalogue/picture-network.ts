import type { ModelEntry } from '@imaginarium/node-sdk';

type Given = Pick<ModelEntry, 'name' | 'title' | 'summary' | 'scale' | 'licence'> &
  Partial<Omit<ModelEntry, 'name' | 'task'>> & { file?: string };

/** A super-resolution network as nearly all are published: RGB from 0 to 1 goes in and comes out, in float32, as one picture of any size. */
export function pictureNetwork(given: Given): ModelEntry {
  const picture = { dtype: 'float32', layout: 'NCHW', channels: 'rgb', range: [0, 1] } as const;
  return {
    task: 'super-resolution',
    origin: 'catalogue',
    file: `${given.name}.onnx`,
    url: null,
    sha256: null,
    bytes: null,
    commercial: true,
    inputs: [{ name: 'input', ...picture, range: [...picture.range] }],
    outputs: [{ name: 'output', ...picture, range: [...picture.range] }],
    sizes: { kind: 'any' },
    receptiveRadiusPx: null,
    corePx: 128,
    peakMemoryMb: null,
    macPerPixel: null,
    weights: null,
    convert: null,
    unknown: [],
    ...given,
  };
}
