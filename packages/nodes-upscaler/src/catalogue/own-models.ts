import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelEntry, modelEntrySchema } from '@imaginarium/node-sdk';

/** What ends the name of the file beside an own model that says what it is. */
const ENTRY_SUFFIX = '.model.json';

/** The models that were imported into a folder, as the files beside them say. One that cannot be read is left out. */
export async function ownModels(modelsFolder: string): Promise<ModelEntry[]> {
  const names = await readdir(modelsFolder).catch(() => []);
  const stored = names.filter((name) => name.endsWith(ENTRY_SUFFIX));
  const entries = await Promise.all(stored.map((name) => readEntry(join(modelsFolder, name))));
  return entries.flatMap((entry) => entry ?? []);
}

async function readEntry(path: string): Promise<ModelEntry | undefined> {
  try {
    const entry = modelEntrySchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return entry.origin === 'own' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers that a file in the folder is an own model, or no longer is: null. */
export async function keepOwn(modelsFolder: string, name: string, entry: ModelEntry | null): Promise<void> {
  const path = join(modelsFolder, `${name}${ENTRY_SUFFIX}`);
  if (!entry) return rm(path, { force: true });
  await mkdir(modelsFolder, { recursive: true });
  await writeFile(`${path}.part`, JSON.stringify(entry, null, 2), { flush: true });
  await rename(`${path}.part`, path);
}

/** A catalogue and what was imported beside it: own models first, each in the place of an entry of its name. */
export async function withOwn(catalogue: readonly ModelEntry[], modelsFolder: string): Promise<ModelEntry[]> {
  const own = await ownModels(modelsFolder);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...catalogue.filter(({ name }) => !names.has(name))];
}
