import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from './catalogue.ts';
import type { ModelEntry, ModelTask } from './entry.ts';

/** A network whose file is in the models folder, and is the one the catalogue names. */
export interface InstalledModel {
  entry: ModelEntry;
  path: string;
}

/** What became of a catalogue entry in a models folder. */
export interface ModelState extends InstalledModel {
  /** `damaged`: a file of that name is there, but its bytes are not those of the catalogue. */
  state: 'installed' | 'missing' | 'damaged';
}

/** What a node looks for. */
export interface ModelWish {
  task: ModelTask;
  /** The least scale, a whole number: a network that makes more is reduced, when its scale is a multiple of this. */
  scale: number;
}

/** The installed networks that can do a task, best first. */
export async function findInstalled(
  modelsFolder: string,
  wish: ModelWish,
  catalogue: readonly ModelEntry[] = CATALOGUE,
): Promise<InstalledModel[]> {
  const states = await inspectModels(modelsFolder, catalogue);
  return states
    .filter(({ state, entry }) => state === 'installed' && entry.task === wish.task && entry.scale % wish.scale === 0)
    .map(({ entry, path }) => ({ entry, path }));
}

/** Where networks lie that come with the package: `models/` in it, two folders above this file in `src` and in `dist` alike. */
const SHIPPED_FOLDER = fileURLToPath(new URL('../../models', import.meta.url));

/** The state of every entry of the catalogue. Never throws: a folder that cannot be read holds no model. */
export function inspectModels(
  modelsFolder: string,
  catalogue: readonly ModelEntry[] = CATALOGUE,
): Promise<ModelState[]> {
  return Promise.all(
    catalogue.map(async (entry) => {
      const path = join(entry.shipped ? SHIPPED_FOLDER : modelsFolder, entry.file);
      return { entry, path, state: await stateOf(path, entry) };
    }),
  );
}

async function stateOf(path: string, entry: ModelEntry): Promise<ModelState['state']> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return 'missing';
  if (found.size !== entry.bytes) return 'damaged';
  // Another file under the same name has another time, so a model that was replaced is read again.
  const sum = await verifiedSum(path, `${path}|${found.mtimeMs}|${found.ino}`);
  return sum === entry.sha256 ? 'installed' : 'damaged';
}

const sums = new Map<string, Promise<string>>();

/** Files are read whole once in a process: models do not change under it. */
function verifiedSum(path: string, key: string): Promise<string> {
  let sum = sums.get(key);
  if (!sum) {
    sum = sha256Of(path).catch(() => '');
    sums.set(key, sum);
  }
  return sum;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
