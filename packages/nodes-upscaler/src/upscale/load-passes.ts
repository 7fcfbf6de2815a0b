import { loadNetwork } from '../inference/network.ts';
import type { ChosenPass } from './choose-passes.ts';
import type { Pass } from './enlarge-pass.ts';

/** Loads the networks of passes. @throws {NonRetryableError} when one cannot be run. */
export function loadPasses(passes: readonly ChosenPass[]): Promise<Pass[]> {
  return Promise.all(passes.map(async ({ model, scale }) => ({ network: await loadNetwork(model), scale })));
}
