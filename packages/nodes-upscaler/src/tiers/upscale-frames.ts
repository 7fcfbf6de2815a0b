import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseContext, FileRef } from '@imaginarium/node-sdk';
import {
  baseName,
  loadSharp,
  openPicture,
  type PhotoData,
  type Picture,
  type Pipeline,
  withPhotoData,
} from '@imaginarium/pictures';
import { sizedPicture } from '../upscale/fit-picture.ts';

/**
 * Enlarges a picture.
 * @param source what stands for its bytes.
 * @param folder for work files.
 */
export type Render = (
  picture: Picture,
  source: string,
  folder: string,
  progress: (share: number, message: string) => void,
) => Promise<Pipeline>;

/** An animation, and how its frames are enlarged. */
export interface Frames {
  picture: Picture;
  file: FileRef;
  suffix: string;
  quality: number;
  /** What a WebP holds of the data about the photo. */
  photo: PhotoData;
  /** What frames depend on, beside the file: a word that a file name may have in it. */
  key: string;
  render: Render;
}

/**
 * Enlarges each frame of an animation, one after the other, and makes an animated WebP of them that keeps their times. Frames that an earlier try has
 * finished are not enlarged again.
 * @throws {NonRetryableError} when the file turns out to be damaged.
 */
export async function upscaleFrames(
  { picture, file, suffix, quality, photo, key, render }: Frames,
  { files, progress, signal }: Pick<BaseContext, 'files' | 'progress' | 'signal'>,
): Promise<FileRef> {
  const lasting = await files.lastingFolder();
  const paths: string[] = [];
  for (let frame = 0; frame < picture.frames; frame++) {
    signal.throwIfAborted();
    const path = join(lasting, `frame-${file.id.slice(0, 16)}-${frame}-${key}${suffix}.png`);
    paths.push(path);
    if (await stat(path).catch(() => undefined)) continue;
    const folder = join(lasting, 'frame');
    await mkdir(folder, { recursive: true });
    const shown = sizedPicture(await openPicture(files, file, frame), picture);
    const image = await render(shown, `${file.id} frame ${frame}`, folder, (share, message) =>
      progress((0.95 * (frame + share)) / picture.frames, `Frame ${frame + 1} of ${picture.frames}: ${message}`),
    );
    await image.png({ compressionLevel: 1 }).toFile(`${path}.new`);
    await rename(`${path}.new`, path);
    await rm(folder, { recursive: true, force: true });
  }
  progress(0.95, 'Putting the frames together');
  const sharp = await loadSharp();
  const { delaysMs = [], loop = 0 } = picture.animation ?? {};
  const result = join(await files.folder(), 'animation.webp');
  const { width, pageHeight } = await withPhotoData(sharp(paths, { join: { animated: true } }), photo, picture.density)
    .webp({ quality, delay: delaysMs, loop })
    .toFile(result)
    .then((info) => ({ width: info.width, pageHeight: info.pageHeight ?? info.height }));
  const name = `${baseName(picture.name)}${suffix}.webp`;
  return files.adopt(result, { name, mime: 'image/webp', width, height: pageHeight });
}
