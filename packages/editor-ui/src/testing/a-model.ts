import type { ModelEntry, ModelState } from '@imaginarium/protocol';

/** A model that can be installed, with what a test says of it. */
export function aModel(entry: Partial<ModelEntry>, state: Partial<ModelState> = {}): ModelState {
  return {
    entry: {
      ...{ name: 'tiny', title: 'Tiny', summary: 'Makes pictures larger.', task: 'super-resolution' },
      ...{ origin: 'catalogue', file: 'tiny.onnx', url: 'https://example.org/tiny.onnx', sha256: '0'.repeat(64) },
      ...{ bytes: 473_285, licence: { name: 'Apache-2.0', url: null }, commercial: true, scale: 4 },
      ...{ inputs: [], outputs: [], sizes: { kind: 'any' }, receptiveRadiusPx: 12, corePx: 256 },
      ...{ peakMemoryMb: null, macPerPixel: null, weights: null, convert: null, unknown: [] },
      ...entry,
    },
    ...{ state: 'missing', pull: null, pullable: true, accepted: null, speed: null },
    ...state,
  };
}
