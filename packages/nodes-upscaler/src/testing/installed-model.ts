import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelEntry } from '../catalogue/entry.ts';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { TINY_RADIUS, type TinyModel, tinyModel } from './onnx-model.ts';

/** A catalogue entry with what a test says of it. */
export function anEntry(changes: Partial<ModelEntry> = {}): ModelEntry {
  return {
    name: 'tiny-x4',
    title: 'Tiny',
    task: 'super-resolution',
    file: 'tiny-x4.onnx',
    shipped: false,
    url: null,
    sha256: '0'.repeat(64),
    bytes: 1,
    licence: 'Apache-2.0',
    commercial: true,
    scale: 4,
    input: 'input',
    output: 'output',
    sizes: 'any',
    receptiveRadiusPx: TINY_RADIUS,
    corePx: 32,
    peakMemoryMb: 100,
    ...changes,
  };
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
  return { folder, path, entry: anEntry({ file, sha256, bytes: bytes.length, scale: model.scale, ...changes }) };
}
