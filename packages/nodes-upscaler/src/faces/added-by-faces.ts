import type { MeasuredModel, TimeAdded } from '@imaginarium/node-sdk';
import { FACE_PX } from './align-face.ts';

/**
 * What each face takes that is restored; undefined where none will be, because a network for it is not installed.
 * @param models that are installed, best first.
 * @param restorer the one a person named; `auto` takes the best.
 */
export function addedByFaces(
  models: readonly MeasuredModel[],
  restorer = 'auto',
): Omit<TimeAdded, 'onceMs'> | undefined {
  const detects = models.some(({ entry }) => entry.task === 'face-detection');
  const restores = models.find(
    ({ entry }) => entry.task === 'face-restoration' && (restorer === 'auto' || entry.name === restorer),
  );
  if (!detects || !restores) return undefined;
  return { each: 'face', ms: restores.speed && (restores.speed.msPerMegapixel * FACE_PX ** 2) / 1e6 };
}
