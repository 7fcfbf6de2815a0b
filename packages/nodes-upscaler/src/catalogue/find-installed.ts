import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FoundModel, ModelEntry, ModelSpeed, ModelTask } from '@imaginarium/node-sdk';
import { CATALOGUE } from './catalogue.ts';
import { withOwn } from './own-models.ts';
import { readSpeeds } from './speeds.ts';

/** A network whose file is in the models folder, and is the one the catalogue names. */
export interface InstalledModel {
  entry: ModelEntry;
  path: string;
  /** How fast it is on this machine; null until it was measured. */
  speed: ModelSpeed | null;
}

/** What a node looks for. */
export interface ModelWish {
  task: ModelTask;
  /** The least scale, a whole number: a network that makes more is reduced, when its scale is a multiple of this. */
  scale: number;
  /** What `auto` may take for a picture of a million pixels, in milliseconds. */
  budgetMs: number;
}

/** Where networks lie that come with the package: `models/` in it, two folders above this file in `src` and in `dist` alike. */
const SHIPPED_FOLDER = fileURLToPath(new URL('../../models', import.meta.url));

/**
 * The state of every entry of the catalogue, and of own models. Never throws: a folder that cannot be read holds no model.
 * @param catalogue left out: all that is known.
 */
export async function inspectModels(modelsFolder: string, catalogue?: readonly ModelEntry[]): Promise<FoundModel[]> {
  const [entries, speeds] = await Promise.all([
    catalogue ?? withOwn(CATALOGUE, modelsFolder),
    readSpeeds(modelsFolder),
  ]);
  return Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.origin === 'shipped' ? SHIPPED_FOLDER : modelsFolder, entry.file);
      const speed = speeds[entry.name];
      return { entry, path, state: await stateOf(path, entry), speed: speed?.sha256 === entry.sha256 ? speed : null };
    }),
  );
}

async function stateOf(path: string, { bytes, sha256 }: ModelEntry): Promise<FoundModel['state']> {
  const found = await stat(path).catch(() => undefined);
  // Without a checksum nothing says that a file is the one the entry speaks of.
  if (!found?.isFile() || sha256 === null) return 'missing';
  if (bytes !== null && found.size !== bytes) return 'damaged';
  // Another file under the same name has another time, so a model that was replaced is read again.
  const sum = await verifiedSum(path, `${path}|${found.mtimeMs}|${found.ino}`);
  return sum === sha256 ? 'installed' : 'damaged';
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
