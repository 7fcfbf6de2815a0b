import { slider, toggle } from '@imaginarium/node-sdk';
import { FACES_IN_TIERS, type RestoreWish } from '../faces/face-work.ts';

/** The part of a tier's form that is about faces. */
export const FACE_PARAMS = {
  faces: toggle({
    title: 'Restore faces',
    help: 'Draws faces of 32 to 512 pixels anew. Needs a network for it: imaginarium models pull yunet-n and gfpgan-1.4. Turn it off for drawings.',
    default: true,
  }),
  faceStrength: slider({
    title: 'Strength on faces',
    help: 'How much of the restored face is mixed in: less of it keeps more of the person.',
    ...{ min: 0, max: 1, step: 0.05, default: FACES_IN_TIERS.strength },
    showWhen: { faces: true },
  }),
};

/** Which faces are restored, as the form says; undefined where none are, or where the form does not ask. */
export function facesIn(params: { faces?: boolean; faceStrength?: number }): RestoreWish | undefined {
  const { faces = false, faceStrength: strength = FACES_IN_TIERS.strength } = params;
  return faces && strength > 0 ? { ...FACES_IN_TIERS, strength } : undefined;
}
