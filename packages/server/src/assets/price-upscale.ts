import type { FileRef, Graph, JsonObject, UpscaleTier } from '@imaginarium/protocol';
import { NIL } from 'uuid';
import { quoteFor, type RunDeps, type RunStarter } from '../runs/accept-run.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import { PHOTOS_INPUT, upscaleGraph, upscaleName } from './upscale-graph.ts';

/** What is to be upscaled, and how. */
export interface AskedUpscale {
  tier: UpscaleTier;
  params: JsonObject;
  files: readonly FileRef[];
  /** Whether a picture that fails is left out, so that the others go on. */
  isBatch: boolean;
}

/** The run that upscales pictures. */
interface UpscaleRun {
  graph: Graph;
  workflow: { id: string; name: string };
  inputs: JsonObject;
}

type UpscalePlace = { principal: Pick<RunStarter, 'workspace'>; stores: Pick<WorkspaceStores, 'workflows' | 'runs'> };

/** The run that upscales pictures, of the workflow of its tier, which is made when it is first needed. */
export async function upscaleRun({ stores }: Pick<UpscalePlace, 'stores'>, asked: AskedUpscale): Promise<UpscaleRun> {
  const name = upscaleName(asked.tier);
  const workflow = await stores.workflows.builtIn(purposeOf(asked), { name, graph: upscaleGraph(asked.tier, {}) });
  return { ...graphOf(asked), workflow };
}

/** What upscaling pictures would come to. Nothing is made for it. @throws {HttpError} as {@link quoteFor} does. */
export async function priceUpscale(
  deps: Pick<RunDeps, 'quoteRun' | 'prices'>,
  { principal, stores }: UpscalePlace,
  asked: AskedUpscale,
) {
  const known = await stores.workflows.findBuiltIn(purposeOf(asked));
  const workflow = known ?? { id: NIL, name: upscaleName(asked.tier) };
  return priceUpscaleRun(deps, { principal, stores }, { ...graphOf(asked), workflow });
}

/** What the run of {@link upscaleRun} comes to. @throws {HttpError} as {@link quoteFor} does. */
export function priceUpscaleRun(
  deps: Pick<RunDeps, 'quoteRun' | 'prices'>,
  { principal, stores }: UpscalePlace,
  { graph, inputs, workflow }: UpscaleRun,
) {
  const place = { workspaceId: principal.workspace.id, workflow, look: 'all' } as const;
  return quoteFor(deps, stores, { graph, inputs }, place);
}

function graphOf({ tier, params, files, isBatch }: AskedUpscale) {
  const inputs = { [PHOTOS_INPUT]: files.map((file) => ({ ...file })) };
  return { graph: upscaleGraph(tier, params, { many: isBatch }), inputs };
}

function purposeOf({ tier }: AskedUpscale): string {
  return `upscale.${tier}`;
}
