import type { InstalledModel } from '../catalogue/find-installed.ts';
import { findFaceModels } from '../faces/face-models.ts';
import { choosePasses, type ModelChoice } from './choose-passes.ts';

/** What a process holds with the networks that come with the package, in megabytes. */
export const OWN_NETWORK_MB = 265;
/** What a process holds with a network of which nobody knows: measured with the largest of the catalogue that are in use. */
const UNKNOWN_NETWORK_MB = 2000;
/** With a network that restores faces at its work: what a file of 325 MB was measured to need. */
const RESTORER_MB = 1300;

/** An upscale whose picture is not known yet. */
export interface NeededFor extends ModelChoice {
  modelsFolder: string;
  /** The scale of each way through a network. */
  passes: readonly number[];
  /** Whether faces are restored where there are any. */
  withFaces: boolean;
  /** Megabytes beside the network: rows of pixels, the encoder. */
  besideMb: number;
}

/**
 * Megabytes that an upscale needs at its peak with the networks that are installed, as they were measured here or are known.
 * @throws {NonRetryableError} when there is none to use.
 */
export async function neededMemoryMb({
  modelsFolder,
  passes,
  withFaces,
  besideMb,
  ...choice
}: NeededFor): Promise<number> {
  const chosen = await choosePasses(modelsFolder, passes, choice);
  const networks = chosen.map(
    ({ model }) => model.speed?.peakMemoryMb ?? model.entry.peakMemoryMb ?? UNKNOWN_NETWORK_MB,
  );
  const faces = withFaces ? await findFaceModels(modelsFolder) : undefined;
  const restoring = faces?.detector && faces.restorer ? restorerMemoryMb(faces.restorer) : 0;
  return Math.ceil(besideMb + Math.max(restoring, ...networks));
}

/** Megabytes that a process holds which restores faces, as they were measured here or are known; without a network, what is usual. */
export function restorerMemoryMb(restorer: Pick<InstalledModel, 'speed' | 'entry'> | undefined): number {
  return restorer?.speed?.peakMemoryMb ?? restorer?.entry.peakMemoryMb ?? RESTORER_MB;
}
