import { CATALOGUE } from '../catalogue/catalogue.ts';
import { chooseModel } from '../catalogue/choose-model.ts';
import type { InstalledModel } from '../catalogue/find-installed.ts';

const SHIPPED = CATALOGUE.filter((entry) => entry.origin === 'shipped');

/** What a person chose, and how long `auto` may take for the first pass over a million pixels. */
export interface ModelChoice {
  model: string;
  budgetMs: number;
}

/**
 * Chooses the network of each pass. The one a person names, or the best installed one, does the first. Later passes have sixteen times the
 * pixels and mostly enlarge what the first one drew: they always use the small networks that come with the package.
 * @throws {NonRetryableError} when a named one is unknown, does another task, or is not installed.
 */
export function choosePasses(
  modelsFolder: string,
  scales: readonly number[],
  { model: name, budgetMs }: ModelChoice,
): Promise<InstalledModel[]> {
  return Promise.all(
    scales.map((scale, index) => {
      const wish = { task: 'super-resolution', scale, budgetMs } as const;
      return index === 0 ? chooseModel(modelsFolder, wish, name) : chooseModel(modelsFolder, wish, 'auto', SHIPPED);
    }),
  );
}

/** The networks of each pass that come with the package, which stay closest to what they are given. */
export function shippedPasses(modelsFolder: string, scales: readonly number[]): Promise<InstalledModel[]> {
  return Promise.all(
    scales.map((scale) =>
      chooseModel(
        modelsFolder,
        { task: 'super-resolution', scale, budgetMs: Number.POSITIVE_INFINITY },
        'auto',
        SHIPPED,
      ),
    ),
  );
}

/**
 * What tells results of the networks that would be chosen from those of others. A model that cannot be used fails the execution itself,
 * where it is told; here it only has to differ from any that can.
 */
export async function printOf(modelsFolder: string, scales: readonly number[], choice: ModelChoice): Promise<string> {
  const models = await choosePasses(modelsFolder, scales, choice).catch(() => undefined);
  return models?.map(({ entry }) => entry.sha256).join(' ') ?? `unusable: ${choice.model}`;
}
