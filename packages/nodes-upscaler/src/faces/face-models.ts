import type { FoundModel, ModelTask } from '@imaginarium/node-sdk';
import { type InstalledModel, inspectModels } from '../catalogue/find-installed.ts';

/** The networks for faces that are installed; undefined where there is none. */
export interface FaceModels {
  detector: InstalledModel | undefined;
  restorer: InstalledModel | undefined;
}

/** What is done with faces, and not done where its network is not installed. */
export type FaceStageKind = 'detect-faces' | 'restore-faces';

/** A stage that is left out. */
export interface SkippedStage {
  stage: FaceStageKind;
  /** Why, and what to do about it. */
  reason: string;
}

/** Finds the networks for faces, own ones first, and says what is left out without them. */
export async function findFaceModels(modelsFolder: string): Promise<FaceModels & { skipped: SkippedStage[] }> {
  const states = await inspectModels(modelsFolder);
  const of = (task: ModelTask) => states.filter(({ entry }) => entry.task === task);
  const [detectors, restorers] = [of('face-detection'), of('face-restoration')];
  const [detector, restorer] = [detectors, restorers].map((models) =>
    models.find(({ state }) => state === 'installed'),
  );
  return {
    ...{ detector, restorer },
    skipped: [
      ...(detector
        ? []
        : [{ stage: 'detect-faces' as const, reason: `Faces are not looked for: ${whyNot(detectors)}` }]),
      ...(restorer
        ? []
        : [{ stage: 'restore-faces' as const, reason: `Faces are not restored: ${whyNot(restorers)}` }]),
    ],
  };
}

/** Why no model of a task can be used, and the command that changes it. The first that is known is the one to have. */
function whyNot(models: readonly FoundModel[]): string {
  const wanted = models.find(({ state }) => state === 'damaged') ?? models[0];
  if (!wanted) return 'no network for it is known.';
  const { title, name } = wanted.entry;
  const what = wanted.state === 'damaged' ? 'is damaged' : 'is not installed';
  return `${title} ${what}. Install it with: imaginarium models pull ${name}`;
}

/** What tells results of these networks from those of others. */
export async function printOfFaces(modelsFolder: string): Promise<string> {
  const { detector, restorer } = await findFaceModels(modelsFolder);
  return [detector, restorer].map((model) => model?.entry.sha256 ?? 'none').join(' ');
}
