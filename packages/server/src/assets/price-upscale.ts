import type { FileRef, JsonObject, UpscaleTier } from '@imaginarium/protocol';
import { quoteFor, type RunDeps, type RunStarter } from '../runs/accept-run.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import { PHOTOS_INPUT, upscaleGraph, upscaleName } from './upscale-graph.ts';

/** What is to be upscaled, and how. */
export interface PricedUpscale {
  tier: UpscaleTier;
  params: JsonObject;
  files: readonly FileRef[];
  /** Whether a picture that fails is left out, so that the others go on. */
  isBatch: boolean;
}

/** The run that upscales pictures, and what it comes to. @throws {HttpError} as {@link quoteFor} does. */
export async function priceUpscale(
  deps: Pick<RunDeps, 'quoteRun' | 'prices'>,
  {
    principal,
    stores,
  }: { principal: Pick<RunStarter, 'workspace'>; stores: Pick<WorkspaceStores, 'workflows' | 'runs'> },
  { tier, params, files, isBatch }: PricedUpscale,
) {
  const graph = upscaleGraph(tier, params, { many: isBatch });
  const workflow = await stores.workflows.builtIn(`upscale.${tier}`, {
    name: upscaleName(tier),
    graph: upscaleGraph(tier, {}),
  });
  const inputs = { [PHOTOS_INPUT]: files.map((file) => ({ ...file })) };
  const place = { workspaceId: principal.workspace.id, workflow, look: 'all' } as const;
  return { graph, workflow, inputs, priced: await quoteFor(deps, stores, { graph, inputs }, place) };
}
