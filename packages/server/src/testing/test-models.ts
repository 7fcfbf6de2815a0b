import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FoundModel,
  type ModelEntry,
  type ModelKit,
  type ModelSpeed,
  NonRetryableError,
} from '@imaginarium/node-sdk';
import { ModelManager, type ModelManagerOptions } from '../models/model-manager.ts';

/** The bytes of a model, as far as these tests care. */
export function modelBytes(length = 50_000): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31) % 251));
}

/** The catalogue entry of a model with these bytes. */
export function modelEntry(bytes: Buffer, changes: Partial<ModelEntry> = {}): ModelEntry {
  const tensor = { name: null, dtype: 'float32', layout: 'NCHW', channels: 'rgb', range: [0, 1] } as const;
  return {
    ...{ name: 'tiny', title: 'Tiny', summary: 'For tests.', task: 'super-resolution', origin: 'catalogue' },
    ...{ file: 'tiny.onnx', url: null, sha256: sumOf(bytes), bytes: bytes.length, commercial: true, scale: 2 },
    ...{ licence: { name: 'Apache-2.0', url: null }, sizes: { kind: 'any' }, receptiveRadiusPx: 2, corePx: 64 },
    inputs: [{ ...tensor, range: [0, 1] }],
    outputs: [{ ...tensor, range: [0, 1] }],
    ...{ peakMemoryMb: null, macPerPixel: null, weights: null, convert: null, unknown: [] },
    ...changes,
  };
}

/** A kit that keeps own models and speeds in memory, and takes a file for a model when it begins with `model`. */
export function testKit(catalogue: readonly ModelEntry[]): ModelKit {
  const own = new Map<string, ModelEntry>();
  const speeds = new Map<string, ModelSpeed>();
  return {
    catalogue,
    async find(folder) {
      const entries = [...own.values(), ...catalogue.filter(({ name }) => !own.has(name))];
      return Promise.all(
        entries.map(async (entry): Promise<FoundModel> => {
          const path = join(folder, entry.file);
          const bytes = await readFile(path).catch(() => undefined);
          const state = !bytes ? 'missing' : sumOf(bytes) === entry.sha256 ? 'installed' : 'damaged';
          return { entry, path, state, speed: speeds.get(entry.name) ?? null };
        }),
      );
    },
    async keepOwn(_folder, name, entry) {
      if (entry) own.set(name, entry);
      else own.delete(name);
    },
    async keepSpeed(_folder, name, speed) {
      speeds.set(name, speed);
    },
    async examine({ path, file }) {
      const bytes = await readFile(path);
      if (!bytes.subarray(0, 5).equals(Buffer.from('model')))
        throw new NonRetryableError(`${file} cannot be used. It is no model.`);
      const { task, scale, inputs, outputs, sizes, receptiveRadiusPx, corePx, peakMemoryMb, macPerPixel, unknown } =
        modelEntry(bytes, { scale: 3 });
      return { task, scale, inputs, outputs, sizes, receptiveRadiusPx, corePx, peakMemoryMb, macPerPixel, unknown };
    },
    measure: async () => ({ msPerMegapixel: 1234, peakMemoryMb: 100 }),
  };
}

/** A manager over a kit, which examines and measures in this process. */
export function testModels(
  kit: ModelKit = testKit([]),
  { folder = '/nonexistent', ...changes }: Partial<ModelManagerOptions> = {},
): ModelManager {
  return new ModelManager({
    folder,
    kits: () => [{ packageName: '@test/nodes', kit }],
    workshop: {
      examineModel: (_packageName, request) => kit.examine(request),
      measureModel: (_packageName, model) => kit.measure(model),
    },
    ...{ proxyUrl: null, mirrorUrl: null, onError: () => undefined },
    ...changes,
  });
}

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
