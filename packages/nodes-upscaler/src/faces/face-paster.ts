import type { PixelRows } from '../inference/planes.ts';
import { squareIn } from './cut-face.ts';
import { type PlacedFace, pasteFaces, placeFace } from './paste-faces.ts';
import { type RestoredFace, readFace } from './restore-faces.ts';
import { afterEnlarging, inverse } from './similarity.ts';

/** Pastes restored faces into a picture that is written from the top down. Only faces that the rows at hand touch are in memory. */
export class FacePaster {
  readonly #faces: { face: RestoredFace; top: number; bottom: number }[];
  readonly #strength: number;
  readonly #loaded = new Map<RestoredFace, PlacedFace>();

  /**
   * @param scale how much larger the picture is than the one that the faces were cut from.
   * @param strength 1 replaces what was there, 0 leaves it.
   */
  constructor(faces: readonly RestoredFace[], scale: number, strength: number) {
    this.#strength = strength;
    this.#faces = faces.map(({ toFace, path }) => {
      const face = { toFace: afterEnlarging(toFace, scale), path };
      const { top, height } = squareIn(inverse(face.toFace));
      return { face, top, bottom: top + height };
    });
  }

  /** Changes the rows in place. */
  async paste(rows: PixelRows): Promise<void> {
    const end = rows.top + rows.data.length / (rows.width * rows.channels);
    const here: PlacedFace[] = [];
    for (const { face, top, bottom } of this.#faces) {
      if (bottom < rows.top || top > end) {
        this.#loaded.delete(face);
        continue;
      }
      const placed = this.#loaded.get(face) ?? placeFace(face.toFace, await readFace(face));
      this.#loaded.set(face, placed);
      here.push(placed);
    }
    pasteFaces(rows, here, this.#strength);
  }
}
