import { chooseModel } from './choose-model.ts';
import type { ModelWish } from './find-installed.ts';

/**
 * What a person should know before a run that asks for a model by its name: that it cannot be used, and what to do about it. The best of what
 * is installed can always be used.
 */
export async function remarksOnModel(modelsFolder: string, wish: ModelWish, name: string): Promise<string[]> {
  if (name === 'auto') return [];
  return chooseModel(modelsFolder, wish, name).then(
    () => [],
    (error: Error) => [error.message],
  );
}
