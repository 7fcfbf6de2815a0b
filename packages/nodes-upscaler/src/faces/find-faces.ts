import { decoding, type Picture } from '@imaginarium/pictures';
import { type Area, tileGrid } from '../tiling/tile-grid.ts';
import { type Colours, type Detector, OVERLAP, PLACES_PX } from './detector.ts';
import { type Face, movedFace, sizeOf, withoutRepeats } from './face.ts';
import { lookAgain } from './look-again.ts';
import { inverse, type Similarity } from './similarity.ts';
import { warped } from './warp.ts';

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
/** Turned pictures are looked at up to so many pixels. */
const MOST_TURNED_PIXELS = 1.2e6;
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
  const total = looks.reduce((sum, { width, height }) => sum + width * height, 0);
  const sure = Math.min(minScore, FIRST_SCORE);
  const found: Face[] = [];
  const small: Colours[] = [];
  let done = 0;
  /** Looks at what was seen at first sight again, in a picture of the look's size. */
  const keepSure = async (seen: readonly Face[], colours: Colours) => {
    const growth = { a: picture.width / colours.width, b: 0, dx: 0, dy: 0 };
    for (const face of withoutRepeats(seen, OVERLAP)) {
      signal.throwIfAborted();
      const surely = await lookAgain(colours, face, detector, minScore);
      if (surely) found.push(movedFace(surely, growth));
    }
  };
  for (const look of looks) {
    const colours = await coloursOf(picture, look);
    const seen = await firstSight(colours, detector, sure, signal, (pixels) => {
      done += pixels;
      progress(done / total);
    });
    await keepSure(seen, colours);
    if (look.width * look.height <= MOST_TURNED_PIXELS) small.push(colours);
  }
  // A photo that lies on its side or stands on its head: small faces are known upright only.
  for (let turn = 0; turn < QUARTERS.length && found.length === 0; turn++)
    for (const colours of small) {
      const toTurned = QUARTERS[turn]?.(colours) as Similarity; // There is one for each.
      const [width, height] = turn === 1 ? [colours.width, colours.height] : [colours.height, colours.width];
      const seen = await firstSight(warped(colours, toTurned, width, height), detector, sure, signal, () => {});
      await keepSure(
        seen.map((face) => movedFace(face, inverse(toTurned))),
        colours,
      );
    }
  return withoutRepeats(found, OVERLAP)
    .filter((face) => sizeOf(face) >= minSizePx)
    .toSorted((one, other) => sizeOf(other) - sizeOf(one) || one.box.left - other.box.left);
}

/** What turns a picture by a quarter, a half and three quarters of a full turn. */
const QUARTERS: readonly ((picture: { width: number; height: number }) => Similarity)[] = [
  ({ height }) => ({ a: 0, b: 1, dx: height, dy: 0 }),
  ({ width, height }) => ({ a: -1, b: 0, dx: width, dy: height }),
  ({ width }) => ({ a: 0, b: -1, dx: 0, dy: width }),
];

/** What looks like a face in a picture, piece by piece, in its pixels. @param told of the pixels of each piece. */
async function firstSight(
  colours: Colours,
  detector: Detector,
  minScore: number,
  signal: AbortSignal,
  told: (pixels: number) => void,
): Promise<Face[]> {
  const seen: Face[] = [];
  const { width, height } = colours;
  for (const { core, read } of tileGrid({ left: 0, top: 0, width, height }, CORE_PX, OVERLAP_PX).flat()) {
    signal.throwIfAborted();
    const area = inside(read, colours);
    const faces = await detector.detect(cut(colours, area), minScore);
    const place = { a: 1, b: 0, dx: area.left, dy: area.top };
    seen.push(...faces.filter((face) => isWhole(face, area, colours)).map((face) => movedFace(face, place)));
    told(core.width * core.height);
  }
  return seen;
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
