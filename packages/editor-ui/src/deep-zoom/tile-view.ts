import type { FileRef, TiledPicture } from '@imaginarium/protocol';
import OpenSeadragon, { type TiledImage, type Viewer } from 'openseadragon';
import { client } from '../api/client.ts';

/** A picture as the viewer takes it: its tiles, or the address of bytes that a browser shows whole. */
export type ViewedPicture = { file: FileRef; tiles: TiledPicture } | { file: FileRef; url: string };

export interface TileViewOptions {
  element: HTMLElement;
  picture: ViewedPicture;
  /** What it was made from, to lie under it at the same size. */
  before?: ViewedPicture | undefined;
  /** What a person who cannot see it should know, with the keys. */
  label: string;
  /** Whether nothing may glide. */
  still: boolean;
  /** How large a pixel of the picture is shown, whenever that changes: 1 is pixel for pixel. */
  onScale(scale: number): void;
  /** Told when tiles do not come, once for each picture: they may have gone for those of others. */
  onLost(which: 'picture' | 'before'): void;
}

/** Most pixels of the screen for one of the picture. */
const MOST_SCALE = 8;
const STEP = 1.5;
/** By these keys the viewer would turn, mirror and page, which has no meaning here. */
const MEANINGLESS = new Set(['r', 'f', 'j', 'k']);

/** One picture or two on one another, in tiles, moved and zoomed as one. Close it when its element goes. */
export class TileView {
  readonly #viewer: Viewer;
  #picture: TiledImage | undefined;
  #before: TiledImage | undefined;
  /** The share of the width left of which the earlier picture shows; null shows none of it. */
  #split: number | null = null;

  constructor({ element, picture, before, label, still, onScale, onLost }: TileViewOptions) {
    this.#viewer = OpenSeadragon({
      element,
      drawer: 'canvas',
      showNavigationControl: false,
      animationTime: still ? 0 : 0.5,
      immediateRender: still,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      zoomPerScroll: 1.25,
      minZoomImageRatio: 0.9,
      maxZoomPixelRatio: MOST_SCALE,
      visibilityRatio: 0.6,
      constrainDuringPan: true,
      preserveImageSizeOnResize: true,
    });
    const { canvas } = this.#viewer;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', label);
    const lost = new Set<string>();
    const tellLost = (which: 'picture' | 'before') => {
      if (!lost.has(which)) onLost(which);
      lost.add(which);
    };
    const addBefore = (image: TiledImage) => {
      this.#before = image;
    };
    if (before) this.#add(before, addBefore, () => tellLost('before'));
    const addPicture = (image: TiledImage) => {
      this.#picture = image;
      onScale(this.#scale());
    };
    this.#add(picture, addPicture, () => tellLost('picture'));
    this.#viewer.addHandler('viewport-change', () => {
      this.#clip();
      onScale(this.#scale());
    });
    this.#viewer.addHandler('tile-load-failed', ({ tiledImage }) =>
      tellLost(tiledImage === this.#before ? 'before' : 'picture'),
    );
    this.#viewer.addHandler('canvas-scroll', (event) => {
      const { viewport } = this.#viewer;
      // Nothing is left to zoom out of: the page scrolls.
      if (event.scroll > 0 || viewport.getZoom() > viewport.getHomeZoom() * 1.001) return;
      event.preventDefaultAction = true;
      event.preventDefault = false;
    });
    this.#viewer.addHandler('canvas-key', (event) => {
      const key = event.originalEvent as KeyboardEvent;
      const does = this.#byKey(key);
      if (!does && MEANINGLESS.has(key.key.toLowerCase())) event.preventDefaultAction = true;
      if (!does) return;
      event.preventDefaultAction = true;
      key.preventDefault();
      does();
    });
  }

  zoomIn(): void {
    this.#zoomBy(STEP);
  }

  zoomOut(): void {
    this.#zoomBy(1 / STEP);
  }

  /** Shows all of it. */
  fit(): void {
    this.#viewer.viewport.goHome();
  }

  /** Shows a pixel of the picture as one of the screen. */
  actual(): void {
    const { viewport } = this.#viewer;
    if (this.#picture) viewport.zoomTo(this.#picture.imageToViewportZoom(1 / window.devicePixelRatio));
  }

  /** Shows the earlier picture left of a share of the width, 0 to 1; null shows none of it. */
  split(share: number | null): void {
    this.#split = share;
    this.#clip();
  }

  close(): void {
    this.#viewer.destroy();
  }

  /** What a key does as a button would. By itself the viewer zooms a little for each moment that a key is held. */
  #byKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): (() => void) | undefined {
    if (ctrlKey || metaKey || altKey) return undefined;
    if (key === '+' || key === '=') return () => this.zoomIn();
    if (key === '-' || key === '_') return () => this.zoomOut();
    return key === '0' ? () => this.fit() : undefined;
  }

  #add(picture: ViewedPicture, onAdded: (image: TiledImage) => void, onFailed: () => void): void {
    this.#viewer.addTiledImage({
      tileSource: sourceOf(picture),
      ...{ x: 0, y: 0, width: 1 },
      success: (event) => {
        onAdded((event as unknown as { item: TiledImage }).item);
        this.#clip();
      },
      error: onFailed,
    });
  }

  #zoomBy(factor: number): void {
    const { viewport } = this.#viewer;
    viewport.zoomBy(factor);
    viewport.applyConstraints();
  }

  #scale(): number {
    const { viewport } = this.#viewer;
    const zoom = viewport.getZoom(true);
    return this.#picture ? this.#picture.viewportToImageZoom(zoom) * window.devicePixelRatio : 1;
  }

  /** Cuts each picture off where the other begins. */
  #clip(): void {
    if (!this.#picture || !this.#before) return;
    const { viewport } = this.#viewer;
    const at = this.#split === null ? null : this.#split * viewport.getContainerSize().x;
    const x = at === null ? 0 : viewport.pointFromPixel(new OpenSeadragon.Point(at, 0), true).x;
    show(this.#before, 0, x);
    show(this.#picture, x, 1);
  }
}

/** Shows the part of a picture between two places of its width, from 0 to 1. */
function show(image: TiledImage, from: number, to: number): void {
  const { x: width, y: height } = image.getContentSize();
  const [left, right] = [from, to].map((place) => Math.min(Math.max(place, 0), 1) * width) as [number, number];
  const clip = image.getClip();
  if (clip && clip.x === left && clip.width === right - left) return;
  image.setOpacity(right > left ? 1 : 0);
  image.setClip(new OpenSeadragon.Rect(left, 0, Math.max(right - left, 1), height));
}

function sourceOf(picture: ViewedPicture): object {
  if ('url' in picture) return { type: 'image', url: picture.url };
  const { width, height, tileSize, overlap, format } = picture.tiles;
  return {
    Image: {
      xmlns: 'http://schemas.microsoft.com/deepzoom/2008',
      Url: client.tilesUrl(picture.file.id),
      Format: format,
      Overlap: overlap,
      TileSize: tileSize,
      Size: { Width: width, Height: height },
    },
  };
}
