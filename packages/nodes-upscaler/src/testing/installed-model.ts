import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelEntry, ModelSpeed } from '@imaginarium/node-sdk';
import { onTestFinished } from 'vitest';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { pictureNetwork } from '../catalogue/picture-network.ts';
import { TINY_RADIUS, type TinyModel, tinyModel } from './onnx-model.ts';

/** A catalogue entry with what a test says of it. */
export function anEntry(changes: Partial<ModelEntry> = {}): ModelEntry {
  return {
    ...pictureNetwork({
      name: 'tiny-x4',
      title: 'Tiny',
      summary: 'A network for tests.',
      licence: { name: 'Apache-2.0', url: null },
      scale: 4,
      sha256: '0'.repeat(64),
      bytes: 1,
      receptiveRadiusPx: TINY_RADIUS,
      corePx: 32,
      peakMemoryMb: 100,
      macPerPixel: 3000,
    }),
    ...changes,
  };
}

/** A speed of a model, as it is remembered. */
export function aSpeed({ sha256 }: ModelEntry, msPerMegapixel: number): ModelSpeed {
  return { sha256: sha256 ?? '', msPerMegapixel, peakMemoryMb: 200, measuredAt: '2026-11-21T00:00:00.000Z' };
}

/** Writes a tiny network into a models folder of its own, which is removed when the test ends. */
export async function installTiny(
  model: TinyModel,
  changes: Partial<ModelEntry> = {},
): Promise<InstalledModel & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = tinyModel(model);
  const file = `tiny-x${model.scale}.onnx`;
  const path = join(folder, file);
  await writeFile(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    folder,
    path,
    speed: null,
    entry: anEntry({ file, sha256, bytes: bytes.length, scale: model.scale, ...changes }),
  };
}
