import type { MeasuredModel, ModelEntry } from '@imaginarium/node-sdk';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { bestOf, canDo, chooseModel } from '../catalogue/choose-model.ts';
import { type InstalledModel, inspectModels } from '../catalogue/find-installed.ts';

const SHIPPED = CATALOGUE.filter((entry) => entry.origin === 'shipped');

/** What a person chose, and how long `auto` may take for the first pass over a million pixels. */
export interface ModelChoice {
  model: string;
  budgetMs: number;
}

/** A way of the picture through a network. */
export interface PassBy<Model extends MeasuredModel> {
  model: Model;
  /** How much longer it makes each side. */
  scale: number;
}

/** A way of the picture through an installed network. */
export type ChosenPass = PassBy<InstalledModel>;

/**
 * Chooses the network of each pass, and their order. The one a person names, or the best installed one, does the first. Later passes have
 * up to sixteen times the pixels and mostly enlarge what the first one drew: they always use the small networks that come with the package.
 * @param models that are installed, best first.
 * @param asIs whether the order of the scales has to stay.
 * @returns undefined where there is no network for one of them.
 */
export function passesBy<Model extends MeasuredModel>(
  models: readonly Model[],
  scales: readonly number[],
  { model: name, budgetMs }: ModelChoice,
  asIs = false,
): PassBy<Model>[] | undefined {
  const fitting = (scale: number) => models.filter(({ entry }) => canDo(entry, { task: 'super-resolution', scale }));
  const shipped = (scale: number) =>
    bestOf(
      fitting(scale).filter(({ entry }) => entry.origin === 'shipped'),
      Number.POSITIVE_INFINITY,
    );
  const [firstScale = 2] = scales;
  const first =
    name === 'auto'
      ? bestOf(fitting(firstScale), budgetMs)
      : fitting(firstScale).find(({ entry }) => entry.name === name);
  if (!first) return undefined;
  const order = asIs ? scales : orderOf(scales, first.entry, name);
  const passes = order.flatMap((scale, index) => {
    const model = index === 0 && scale === firstScale ? first : shipped(scale);
    return model ? [{ model, scale }] : [];
  });
  return passes.length === scales.length ? passes : undefined;
}

/**
 * The passes of {@link passesBy}, of the networks that are installed.
 * @throws {NonRetryableError} when a named one is unknown, does another task, or is not installed.
 */
export async function choosePasses(
  modelsFolder: string,
  scales: readonly number[],
  choice: ModelChoice,
  asIs = false,
): Promise<ChosenPass[]> {
  const installed = (await inspectModels(modelsFolder)).filter(({ state }) => state === 'installed');
  const passes = passesBy(installed, scales, choice, asIs);
  if (passes) return passes;
  const [scale = 2] = scales;
  // There is none for the first pass, or for a later one: whoever looks for each says which, and what to do about it.
  await chooseModel(modelsFolder, { task: 'super-resolution', scale, budgetMs: choice.budgetMs }, choice.model);
  return shippedPasses(modelsFolder, scales);
}

/**
 * The order of passes. A pass costs what goes into it, so where our own networks do all of them the smallest comes first: 2x and then 4x
 * takes a third of 4x and then 2x, and is as close to the truth. Another network is there for what it draws: it works on the picture itself.
 * @param first what does the first of the scales as they are.
 */
function orderOf(scales: readonly number[], first: ModelEntry, name: string): readonly number[] {
  return name === 'auto' && first.origin === 'shipped' ? scales.toSorted((a, b) => a - b) : scales;
}

/** Passes by the networks that come with the package, which stay closest to what they are given. */
export function shippedPasses(modelsFolder: string, scales: readonly number[]): Promise<ChosenPass[]> {
  return Promise.all(
    scales.map(async (scale) => {
      const wish = { task: 'super-resolution', scale, budgetMs: Number.POSITIVE_INFINITY } as const;
      return { model: await chooseModel(modelsFolder, wish, 'auto', SHIPPED), scale };
    }),
  );
}

/**
 * What tells results of the networks that would be chosen from those of others. A model that cannot be used fails the execution itself,
 * where it is told; here it only has to differ from any that can.
 */
export async function printOf(modelsFolder: string, scales: readonly number[], choice: ModelChoice): Promise<string> {
  const passes = await choosePasses(modelsFolder, scales, choice).catch(() => undefined);
  return passes?.map(({ model }) => model.entry.sha256).join(' ') ?? `unusable: ${choice.model}`;
}
