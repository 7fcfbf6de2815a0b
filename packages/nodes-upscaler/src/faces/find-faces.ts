import { decoding, type Picture } from '@imaginarium/pictures';
import { type Area, tileGrid } from '../tiling/tile-grid.ts';
import { type Colours, type Detector, OVERLAP, PLACES_PX } from './detector.ts';
import { type Face, sizeOf, withoutRepeats } from './face.ts';
import { lookAgain } from './look-again.ts';

/** Which faces are looked for. */
export interface FaceWish {
  /** How sure the network has to be, 0 to 1. */
  minScore: number;
  /** The size of the smallest face that counts, in pixels of the picture. */
  minSizePx: number;
}

/** How large the smallest face is shown to the network: it knows faces from 10 pixels on. */
const SEEN_PX = 16;
/** How sure the network has to be at first sight: it is less sure of faces that are turned, and all are looked at again. */
const FIRST_SCORE = 0.5;
/** Each look after the first sees the picture so many times smaller: the network knows faces up to 300 pixels. */
const STEP = 3;
/** Below this long side, faces that fill the picture were seen. */
const SMALLEST_LOOK_PX = 480;
/** The most that is decoded at once: 24 MB. In larger pictures, the smallest faces that are found are larger. */
const MOST_PIXELS = 8e6;
/** A look is cut into pieces of this side, so that memory does not depend on the picture. */
const CORE_PX = 640;
/** Faces up to so many pixels are whole in one of the pieces; larger ones are seen whole in the next, smaller look. */
const OVERLAP_PX = 96;

/**
 * Finds the faces of a picture, of any size and turned by any angle, the largest first.
 * @param progress the share of the work that is done, 0 to 1.
 * @throws {NonRetryableError} when the picture is damaged or the network is none that finds faces.
 */
export async function findFaces(
  picture: Picture,
  detector: Detector,
  { minScore, minSizePx }: FaceWish,
  { signal, progress }: { signal: AbortSignal; progress(share: number): void },
): Promise<Face[]> {
  const looks = looksAt(picture, minSizePx);
  const found: Face[] = [];
  const sure = Math.min(minScore, FIRST_SCORE);
  let done = 0;
  const total = looks.reduce((sum, { width, height }) => sum + width * height, 0);
  for (const look of looks) {
    const colours = await coloursOf(picture, look);
    const seen: Face[] = [];
    for (const { core, read } of tileGrid({ left: 0, top: 0, ...look }, CORE_PX, OVERLAP_PX).flat()) {
      signal.throwIfAborted();
      const area = inside(read, look);
      const faces = await detector.detect(cut(colours, area), sure);
      seen.push(...faces.filter((face) => isWhole(face, area, look)).map((face) => movedBy(face, area.left, area.top)));
      done += core.width * core.height;
      progress(done / total);
    }
    for (const face of withoutRepeats(seen, OVERLAP)) {
      signal.throwIfAborted();
      const surely = await lookAgain(colours, face, detector, minScore);
      if (surely) found.push(grownBy(surely, picture.width / look.width));
    }
  }
  return withoutRepeats(found, OVERLAP)
    .filter((face) => sizeOf(face) >= minSizePx)
    .toSorted((one, other) => sizeOf(other) - sizeOf(one) || one.box.left - other.box.left);
}

interface Look {
  /** Pixels that the picture is made smaller to. */
  width: number;
  height: number;
}

/** The sizes that a picture is looked at in, the largest first. */
export function looksAt(picture: { width: number; height: number }, minSizePx: number): Look[] {
  const { width, height } = picture;
  let scale = Math.min(1, SEEN_PX / minSizePx, Math.sqrt(MOST_PIXELS / (width * height)));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const looks = [{ width: side(width), height: side(height) }];
  while (Math.max(width, height) * scale > SMALLEST_LOOK_PX) {
    scale /= STEP;
    looks.push({ width: side(width), height: side(height) });
  }
  return looks;
}

async function coloursOf(picture: Picture, look: Look): Promise<Colours> {
  const image = picture
    .open()
    .resize({ ...look, fit: 'fill' })
    .flatten({ background: '#808080' })
    .toColourspace('srgb');
  return { data: await decoding(picture.name, () => image.raw({ depth: 'uchar' }).toBuffer()), ...look };
}

/** The part of an area that is in a look. It begins where the network's places do: there it sees what it would see in the whole. */
function inside({ left, top, width, height }: Area, look: Look): Area {
  const [x, y] = [left, top].map((edge) => Math.floor(Math.max(0, edge) / PLACES_PX) * PLACES_PX) as [number, number];
  return {
    left: x,
    top: y,
    width: Math.min(look.width, left + width) - x,
    height: Math.min(look.height, top + height) - y,
  };
}

function cut({ data, width }: Colours, area: Area): Colours {
  if (area.left === 0 && area.width === width)
    return { data: data.subarray(area.top * width * 3, (area.top + area.height) * width * 3), ...area };
  const piece = new Uint8Array(area.width * area.height * 3);
  for (let y = 0; y < area.height; y++) {
    const from = ((area.top + y) * width + area.left) * 3;
    piece.set(data.subarray(from, from + area.width * 3), y * area.width * 3);
  }
  return { data: piece, ...area };
}

/** Whether a face does not end at a cut: there it is seen whole in another piece. The edge of the picture itself is no cut. */
function isWhole({ box }: Face, area: Area, look: Look): boolean {
  return (
    (box.left > 0 || area.left === 0) &&
    (box.top > 0 || area.top === 0) &&
    (box.left + box.width < area.width || area.left + area.width === look.width) &&
    (box.top + box.height < area.height || area.top + area.height === look.height)
  );
}

function movedBy({ box, score, points }: Face, right: number, down: number): Face {
  return {
    box: { ...box, left: box.left + right, top: box.top + down },
    score,
    points: points.map(({ x, y }) => ({ x: x + right, y: y + down })),
  };
}

/** A face that was seen in a look, in pixels of the picture. */
function grownBy({ box, score, points }: Face, scale: number): Face {
  const { left, top, width, height } = box;
  return {
    box: { left: left * scale, top: top * scale, width: width * scale, height: height * scale },
    score,
    points: points.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
  };
}
