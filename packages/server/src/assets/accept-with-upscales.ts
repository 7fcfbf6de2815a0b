import type { Run } from '@imaginarium/protocol';
import { newId } from '../new-id.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { NewUpscales } from './upscale-list.ts';

type Upscales = Pick<WorkspaceStores, 'upscales'>;

/**
 * Notes what a run will make of assets, then has it accepted: so nothing that a run makes can come before it is known what for.
 * @param noted what it will make; undefined for a run that makes nothing of assets.
 * @param accept accepts the run under this id, or answers with the one that was accepted before.
 * @throws what accepting throws; then nothing is noted.
 */
export async function acceptWithUpscales(
  { upscales }: Upscales,
  noted: Omit<NewUpscales, 'runId'> | undefined,
  accept: (runId: string) => Promise<Run>,
): Promise<Run> {
  const runId = newId();
  if (!noted) return accept(runId);
  const begun = await upscales.begin({ ...noted, runId });
  const run = await accept(runId).catch(async (error: unknown) => {
    await begun.withdraw();
    throw error;
  });
  // The same request came twice at the same moment: the other one is the one that counts.
  if (run.id !== runId) await begun.withdraw();
  return run;
}

/** What a run will make that does again what another one did: the next versions of the same assets. Undefined where it made none. */
export async function upscalesAgain(
  { upscales }: Upscales,
  runId: string,
): Promise<Omit<NewUpscales, 'runId'> | undefined> {
  const before = await upscales.ofRun(runId);
  const [first] = before;
  if (!first) return undefined;
  const { version, estimate, webhook } = first.upscale;
  return {
    ...{ tier: version.tier, leftOut: version.leftOut, estimateMs: estimate.ms, webhookUrl: webhook?.url ?? null },
    pictures: before.map(({ place, item, upscale }) => {
      return { place, item, asset: { id: upscale.asset.id }, credits: upscale.estimate.credits };
    }),
  };
}
