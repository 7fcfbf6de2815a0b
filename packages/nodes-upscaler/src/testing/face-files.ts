import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelTask } from '@imaginarium/node-sdk';
import { onTestFinished } from 'vitest';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { keepOwn } from '../catalogue/own-models.ts';
import { faceRestorer, markDetector, type RestorerKind } from './face-models.ts';
import { anEntry } from './installed-model.ts';

/** Writes a model file into a folder of its own, which is removed when the test ends. */
export async function installFile(name: string, bytes: Uint8Array): Promise<InstalledModel> {
  return writeModel(await modelsFolder(), name, bytes, 'face-restoration');
}

/** A models folder with networks for faces, as own models; left out, one is not installed. It is removed when the test ends. */
export async function installFaces({
  detector = true,
  restorer,
}: {
  detector?: boolean;
  restorer?: RestorerKind;
}): Promise<string> {
  const folder = await modelsFolder();
  const models = [
    ...(detector ? [await writeModel(folder, 'marks', markDetector(), 'face-detection')] : []),
    ...(restorer ? [await writeModel(folder, restorer, faceRestorer(restorer), 'face-restoration')] : []),
  ];
  for (const { entry } of models) await keepOwn(folder, entry.name, entry);
  return folder;
}

async function modelsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function writeModel(folder: string, name: string, bytes: Uint8Array, task: ModelTask): Promise<InstalledModel> {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = { name, title: name, file: `${name}.onnx`, sha256, bytes: bytes.length };
  return { path, speed: null, entry: anEntry({ ...known, task, scale: 1, origin: 'own', corePx: null }) };
}
