import type { Area, Size } from './slide-size.ts';

/** The fewest and most slides a panorama is split into; most networks take no more than 20. */
export const MIN_SLIDES = 2;
export const MAX_SLIDES = 20;

/** How many slides a panorama fills best: the number whose strip is nearest to its shape. */
export function slidesFor(panorama: Size, slide: Size): number {
  const fitting = (panorama.width / panorama.height) * (slide.height / slide.width);
  return Math.min(MAX_SLIDES, Math.max(MIN_SLIDES, Math.round(fitting)));
}

/** The strip that all slides are cut from, side by side. */
export function stripSize(slide: Size, count: number): Size {
  return { width: slide.width * count, height: slide.height };
}

/** Where each slide lies in the strip: together they cover it, and no pixel is in two of them. */
export function sliceStrip(slide: Size, count: number): Area[] {
  return Array.from({ length: count }, (_, index) => ({ left: index * slide.width, top: 0, ...slide }));
}
