import { NonRetryableError } from '@imaginarium/node-sdk';
import { CATALOGUE } from './catalogue.ts';
import type { ModelEntry } from './entry.ts';
import { type InstalledModel, inspectModels, type ModelState, type ModelWish } from './find-installed.ts';

/**
 * Chooses a network: for `auto` the best one installed, else the named one.
 * @throws {NonRetryableError} when a named one is unknown, does another task, or is not installed: the person asked for exactly that. For
 * `auto` when there is none at all, because those that come with the package were removed or damaged.
 */
export async function chooseModel(
  modelsFolder: string,
  wish: ModelWish,
  name: string,
  catalogue: readonly ModelEntry[] = CATALOGUE,
): Promise<InstalledModel> {
  const fitting = catalogue.filter((entry) => entry.task === wish.task && entry.scale % wish.scale === 0);
  if (name !== 'auto' && !fitting.some((entry) => entry.name === name))
    throw new NonRetryableError(
      `model: expected auto, ${fitting.map((entry) => entry.name).join(', ')}, received "${name}".`,
    );
  const states = await inspectModels(modelsFolder, fitting);
  const wanted = states.filter(({ entry }) => name === 'auto' || entry.name === name);
  const installed = wanted.find(({ state }) => state === 'installed');
  if (installed) return { entry: installed.entry, path: installed.path };
  throw new NonRetryableError(
    name === 'auto'
      ? `No network for ${wish.task} can be used. ${wanted.map((state) => remedyFor(state, modelsFolder)).join(' ')}`
      : `model: ${name} is not installed. ${wanted.map((state) => remedyFor(state, modelsFolder)).join(' ')} Or choose auto.`,
  );
}

/** What to do about a file that is missing or not what it should be. */
function remedyFor({ entry: { file, shipped }, state }: ModelState, modelsFolder: string): string {
  if (shipped) return `${file}, which comes with this package, is ${state}: install the package again.`;
  return state === 'missing'
    ? `Copy ${file} to ${modelsFolder}.`
    : `${file} in ${modelsFolder} is not the file it should be: its size or SHA-256 differs. Copy it there again.`;
}
