import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BadTileError } from '../inference/check-output.ts';
import type { Planes } from '../inference/network.ts';
import type { PixelFile } from '../upscale/pixel-file.ts';
import { alignmentOf } from './align-face.ts';
import { cutFace } from './cut-face.ts';
import type { Face } from './face.ts';
import { inTone } from './in-tone.ts';
import type { FacePixels } from './paste-faces.ts';
import type { Restorer } from './restorer.ts';
import type { Similarity } from './similarity.ts';

/** A face that was restored, and lies in a file until it is pasted. */
export interface RestoredFace {
  /** From the pixels of the picture into the square. */
  toFace: Similarity;
  path: string;
}

/** What restoring faces needs. */
export interface FaceRestoring {
  faces: readonly Face[];
  restorer: Restorer;
  /** 0 to 1, for networks that know the difference. */
  fidelity: number;
  /** For the restored faces. Where it outlives a process that was killed, faces that are done are found in it and not restored again. */
  folder: string;
  /** What tells these faces from those of other pictures, networks and wishes that may lie in the folder. */
  key: string;
  signal: AbortSignal;
  /** After each face. */
  progress(done: number): void;
  /** A face that stays as it is, because the network failed on it. */
  warn(message: string): void;
}

/** Restores faces one after another; those that show too little are left out. One face at a time is in memory. */
export async function restoreFaces(picture: PixelFile, job: FaceRestoring): Promise<RestoredFace[]> {
  const { faces, restorer, fidelity, folder, key, signal, progress, warn } = job;
  const restored: RestoredFace[] = [];
  for (const [index, face] of faces.entries()) {
    signal.throwIfAborted();
    const toFace = alignmentOf(face);
    if (toFace) {
      const path = pathOf(folder, key, toFace);
      if (await isThere(path)) restored.push({ toFace, path });
      else {
        const cut = await cutFace(picture, toFace);
        const better = await restorer.restore(cut, fidelity).catch((error: unknown) => {
          if (!(error instanceof BadTileError)) throw error;
          warn(`Face ${index + 1} of ${faces.length} stays as it is: ${error.message}.`);
        });
        if (better) {
          await store(path, pixelsOf(inTone(better, cut)));
          restored.push({ toFace, path });
        }
      }
    }
    progress(index + 1);
  }
  return restored;
}

/** How many of the faces were restored by an earlier try. */
export async function countRestored({
  faces,
  folder,
  key,
}: Pick<FaceRestoring, 'faces' | 'folder' | 'key'>): Promise<number> {
  const paths = faces.flatMap((face) => {
    const toFace = alignmentOf(face);
    return toFace ? [pathOf(folder, key, toFace)] : [];
  });
  return (await Promise.all(paths.map(isThere))).filter(Boolean).length;
}

function pathOf(folder: string, key: string, toFace: Similarity): string {
  const made = createHash('sha256')
    .update(JSON.stringify([key, toFace]))
    .digest('hex');
  return join(folder, `face-${made.slice(0, 32)}.rgb`);
}

/** Reads a face back. */
export async function readFace({ path }: RestoredFace): Promise<FacePixels> {
  const bytes = await readFile(path);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / Uint16Array.BYTES_PER_ELEMENT);
}

/** A file of that name is whole: it got its name when it was. */
async function isThere(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  await file?.close();
  return file !== undefined;
}

async function store(path: string, face: FacePixels): Promise<void> {
  const part = `${path}.${randomUUID()}`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(new Uint8Array(face.buffer, face.byteOffset, face.byteLength));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

function pixelsOf({ data, width, height }: Planes): FacePixels {
  const size = width * height;
  const pixels = new Uint16Array(3 * size);
  for (let from = 0, to = 0; from < size; from++, to += 3)
    for (let channel = 0; channel < 3; channel++)
      pixels[to + channel] = Math.round((data[from + channel * size] as number) * 65535); // Within bounds.
  return pixels;
}
