import type { MeasuredModel } from '@imaginarium/node-sdk';
import type { NodeRegistry } from './node-registry.ts';

/** The models that are installed for the nodes of a registry, each with how fast it is on this machine; best first. */
export async function installedModels(registry: NodeRegistry, modelsFolder: string): Promise<MeasuredModel[]> {
  const found = await Promise.all(registry.models().map(({ kit }) => kit.find(modelsFolder)));
  return found.flat().filter(({ state }) => state === 'installed');
}
