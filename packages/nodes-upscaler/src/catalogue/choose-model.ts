import { type FoundModel, type MeasuredModel, type ModelEntry, NonRetryableError } from '@imaginarium/node-sdk';
import { expectedMs } from './expected-time.ts';
import { type InstalledModel, inspectModels, type ModelWish } from './find-installed.ts';

/** A picture of a million pixels: what time budgets are for. */
const MEGAPIXEL = { width: 1000, height: 1000 };

/**
 * Chooses a network: for `auto` the best one installed that is fast enough, else the named one.
 * @param catalogue left out: all that is known, own models among them.
 * @throws {NonRetryableError} when a named one is unknown, does another task, or is not installed: the person asked for exactly that. For
 * `auto` when there is none at all, because those that come with the package were removed or damaged.
 */
export async function chooseModel(
  modelsFolder: string,
  wish: ModelWish,
  name: string,
  catalogue?: readonly ModelEntry[],
): Promise<InstalledModel> {
  const fitting = (await inspectModels(modelsFolder, catalogue)).filter(({ entry }) => canDo(entry, wish));
  if (name !== 'auto' && !fitting.some(({ entry }) => entry.name === name))
    throw new NonRetryableError(
      `model: expected auto, ${fitting.map(({ entry }) => entry.name).join(', ')}, received "${name}".`,
    );
  const wanted = fitting.filter(({ entry }) => name === 'auto' || entry.name === name);
  const installed = wanted.filter(({ state }) => state === 'installed');
  const chosen = name === 'auto' ? bestOf(installed, wish.budgetMs) : installed[0];
  if (chosen) return chosen;
  throw new NonRetryableError(
    name === 'auto'
      ? `No network for ${wish.task} can be used. ${wanted.map((model) => remedyFor(model, modelsFolder)).join(' ')}`
      : `model: ${name} is not installed. ${wanted.map((model) => remedyFor(model, modelsFolder)).join(' ')} Or choose auto.`,
  );
}

/** Whether a model does what is wished, exactly or with more than that to reduce. */
export function canDo(entry: ModelEntry, { task, scale }: Pick<ModelWish, 'task' | 'scale'>): boolean {
  return entry.task === task && entry.scale % scale === 0;
}

/**
 * The first that needs no more than `budgetMs` for a million pixels on this machine, or that comes with the package: those are the quickest
 * there are, and one that was measured on a busy machine must not give way to another, or the same picture would be made in two ways.
 * Where there is none, the fastest.
 */
export function bestOf<Model extends MeasuredModel>(models: readonly Model[], budgetMs: number): Model | undefined {
  const timed = models.map((model) => ({ model, ms: expectedMs(model, MEGAPIXEL) ?? Number.POSITIVE_INFINITY }));
  const fitting = timed.find(({ model, ms }) => ms <= budgetMs || model.entry.origin === 'shipped');
  return (fitting ?? timed.toSorted((a, b) => a.ms - b.ms)[0])?.model;
}

/** What to do about a file that is missing or not what it should be. */
function remedyFor({ entry: { name, file, origin, url }, state }: FoundModel, modelsFolder: string): string {
  if (origin === 'shipped') return `${file}, which comes with this package, is ${state}: install the package again.`;
  const wrong = `${file} in ${modelsFolder} is not the file it should be: its size or SHA-256 differs.`;
  // Nobody hosts it: its file was made by somebody, or has to be.
  if (url === null)
    return state === 'missing'
      ? `How to have it: imaginarium models show ${name}.`
      : `${wrong} Import it again with: imaginarium models import ${file}.`;
  return state === 'missing'
    ? `Install it with: imaginarium models pull ${name}, or copy ${file} to ${modelsFolder}.`
    : `${wrong} Install it again with: imaginarium models pull ${name}.`;
}
