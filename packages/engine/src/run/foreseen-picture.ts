import { type Item, isFileRef, type JsonObject } from '@imaginarium/protocol';

/** Pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** The largest picture among what leaves a node by its ports, where that is known already. */
export function pictureOfItems(outputs: Readonly<Record<string, readonly Item[]>>): PictureSize | undefined {
  return largest(Object.values(outputs).flatMap((items) => items.flatMap(({ file }) => file ?? [])));
}

/** The largest picture that params name: what a node without a wire brings into the graph. */
export function pictureInParams(params: JsonObject): PictureSize | undefined {
  return largest(Object.values(params).flat().filter(isFileRef));
}

/** The one with most pixels: it takes longest. */
export function largest(files: readonly Partial<PictureSize>[]): PictureSize | undefined {
  const sized = files.flatMap(({ width, height }) => (width && height ? [{ width, height }] : []));
  return sized.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}
