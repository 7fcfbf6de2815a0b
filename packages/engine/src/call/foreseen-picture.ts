import { type Item, isFileRef, type JsonObject } from '@imaginarium/protocol';

/** Pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** What a picture that leaves a node by its ports is like, where that is known already. */
export function pictureOfItems(outputs: Readonly<Record<string, readonly Item[]>>): PictureSize | undefined {
  return largest(Object.values(outputs).map((items) => meanOf(items.flatMap(({ file }) => file ?? [])) ?? {}));
}

/** What a picture that params name is like: what a node without a wire brings into the graph. */
export function pictureInParams(params: JsonObject): PictureSize | undefined {
  return largest(Object.values(params).map((value) => meanOf([value].flat().filter(isFileRef)) ?? {}));
}

/** One picture that stands for all of a list: with as many pixels as they have on average, in the shape of the largest. All of them take as long as so many of it. */
function meanOf(files: readonly Partial<PictureSize>[]): PictureSize | undefined {
  const shape = largest(files);
  if (!shape) return undefined;
  const pixels = files.flatMap(({ width, height }) => (width && height ? [width * height] : []));
  const mean = pixels.reduce((sum, count) => sum + count, 0) / pixels.length;
  const factor = Math.sqrt(mean / (shape.width * shape.height));
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: side(shape.width), height: side(shape.height) };
}

/** The one with most pixels: it takes longest. */
export function largest(files: readonly Partial<PictureSize>[]): PictureSize | undefined {
  const sized = files.flatMap(({ width, height }) => (width && height ? [{ width, height }] : []));
  return sized.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}
