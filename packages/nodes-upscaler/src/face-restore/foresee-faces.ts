import type { Foresight, ForesightInput } from '@imaginarium/node-sdk';
import type { PictureFormat } from '@imaginarium/pictures';
import { addedByFaces } from '../faces/added-by-faces.ts';
import { BEGIN_MS, perMegapixel, writeMs } from '../upscale/upscale-times.ts';

/** Looking for faces in a million pixels, on one core. */
const LOOK_MS = 250;

/**
 * Says how long it takes to look for faces and to write the picture, and apart what each face adds that is found: nobody knows before a look at
 * the picture how many there are. Nothing is said of the time where a network is not installed: then nothing is done.
 */
export function foreseeFaces({
  params: { model, format },
  picture,
  models,
}: ForesightInput<{ model: string; format: 'same' | PictureFormat }>): Foresight {
  if (!picture) return {};
  const adds = addedByFaces(models, model);
  if (!adds) return { picture };
  const ms = BEGIN_MS + perMegapixel(LOOK_MS, picture) + writeMs(format === 'same' ? 'png' : format, picture);
  return { ms, measured: adds.ms !== null, adds: { ...adds, onceMs: 0 }, picture };
}
