import type { FileRef } from '@imaginarium/protocol';
import { DeepZoom } from './DeepZoom.tsx';
import { needsTiles } from './needs-tiles.ts';
import { WholePicture } from './WholePicture.tsx';

interface ZoomPictureProps {
  file: FileRef;
  /** What it was made from, where that is known: shown on the other side of a slider. */
  before: FileRef | undefined;
}

/** One picture, large, to zoom into; on top of the one it was made from, with one zoom for both. Fills its parent. */
export function ZoomPicture({ file, before }: ZoomPictureProps) {
  const isLarge = needsTiles(file) || (before !== undefined && needsTiles(before));
  const Shown = isLarge ? DeepZoom : WholePicture;
  return <Shown file={file} before={before} />;
}
