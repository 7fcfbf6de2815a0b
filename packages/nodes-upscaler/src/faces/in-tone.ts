import type { Planes } from '../inference/network.ts';
import { FACE_PX } from './align-face.ts';
import { faceMask } from './face-mask.ts';

/** Channels that are no further apart than this on the average, 0 to 1, make a face that people call black and white. */
const GREY = 5 / 255;

/**
 * A restored face in the tone of the one it was made of: the mean colour of what is pasted stays, and black and white stays black and white.
 * Networks give skin the colour that they saw most, and rosy cheeks to old photos.
 */
export function inTone(restored: Planes, before: Planes): Planes {
  const face = isGrey(before) ? greyed(restored) : restored;
  const size = FACE_PX * FACE_PX;
  const data = new Float32Array(face.data.length);
  for (let channel = 0; channel < 3; channel++) {
    const from = channel * size;
    const shift = meanOf(before.data, from) - meanOf(face.data, from);
    for (let at = from; at < from + size; at++) data[at] = Math.min(1, Math.max(0, (face.data[at] as number) + shift)); // Within bounds.
  }
  return { ...face, data };
}

/** The mean of a channel, by how much of each pixel is pasted. */
function meanOf(data: Float32Array, from: number): number {
  let [sum, weights] = [0, 0];
  for (let y = 0, at = from; y < FACE_PX; y++)
    for (let x = 0; x < FACE_PX; x++, at++) {
      const weight = faceMask((x + 0.5) / FACE_PX, (y + 0.5) / FACE_PX);
      sum += weight * (data[at] as number); // Within bounds.
      weights += weight;
    }
  return sum / weights;
}

function isGrey({ data }: Planes): boolean {
  const size = FACE_PX * FACE_PX;
  let apart = 0;
  for (let at = 0; at < size; at++) {
    const [red, green, blue] = coloursAt(data, at, size);
    apart += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return apart / size < GREY;
}

function greyed(face: Planes): Planes {
  const size = FACE_PX * FACE_PX;
  const data = new Float32Array(face.data.length);
  for (let at = 0; at < size; at++) {
    const [red, green, blue] = coloursAt(face.data, at, size);
    const shade = 0.299 * red + 0.587 * green + 0.114 * blue;
    for (let channel = 0; channel < 3; channel++) data[at + channel * size] = shade;
  }
  return { ...face, data };
}

function coloursAt(data: Float32Array, at: number, size: number): [number, number, number] {
  return [data[at] as number, data[at + size] as number, data[at + 2 * size] as number]; // Within bounds.
}
