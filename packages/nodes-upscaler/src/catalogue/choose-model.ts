import { NonRetryableError } from '@imaginarium/node-sdk';
import { CATALOGUE } from './catalogue.ts';
import type { ModelEntry } from './entry.ts';
import { type InstalledModel, inspectModels, type ModelWish } from './find-installed.ts';

/** The network to use, or why there is none. */
export type Choice = { model: InstalledModel; note: string } | { model: null; note: string };

/**
 * Chooses a network: for `auto` the best one installed, else the named one.
 * @throws {NonRetryableError} when a named one is unknown, does another task, or is not installed: the person asked for exactly that.
 */
export async function chooseModel(
  modelsFolder: string,
  wish: ModelWish,
  name: string,
  catalogue: readonly ModelEntry[] = CATALOGUE,
): Promise<Choice> {
  const fitting = catalogue.filter((entry) => entry.task === wish.task && entry.scale % wish.scale === 0);
  if (name !== 'auto' && !fitting.some((entry) => entry.name === name))
    throw new NonRetryableError(
      `model: expected auto, ${fitting.map((entry) => entry.name).join(', ')}, received "${name}".`,
    );
  const states = await inspectModels(modelsFolder, fitting);
  const wanted = states.filter(({ entry }) => name === 'auto' || entry.name === name);
  const installed = wanted.find(({ state }) => state === 'installed');
  if (installed) return { model: installed, note: `Upscaled by the network ${installed.entry.title}.` };
  const damaged = wanted.filter(({ state }) => state === 'damaged').map(({ entry }) => entry.file);
  const remedy =
    damaged.length > 0
      ? `${damaged.join(', ')} in ${modelsFolder} is not the file it should be: its size or SHA-256 differs. Copy it there again.`
      : `Copy ${wanted.map(({ entry }) => entry.file).join(' or ')} to ${modelsFolder}.`;
  if (name !== 'auto') throw new NonRetryableError(`model: ${name} is not installed. ${remedy} Or choose auto.`);
  return {
    model: null,
    note: `No super-resolution model is installed: resampled with Lanczos, which adds no detail. ${remedy}`,
  };
}
