import { loadSharp, MAX_PIXELS, type Picture, type Pipeline } from '@imaginarium/pictures';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { loadNetwork } from '../inference/network.ts';
import { type LayerWork, leadRowsFor, putTogether } from '../layers/put-together.ts';
import { refuseFullDisk } from './check-room.ts';
import { type EnlargedFaces, enlarge } from './enlarge.ts';

/** An enlargement by installed networks, as a node asks for it. */
export interface Rendering {
  picture: Picture;
  colours: 'srgb' | 'own';
  /** The network of each pass, and by how much it enlarges there. */
  models: readonly InstalledModel[];
  passes: readonly number[];
  /** Faces that are restored on the way; none when left out. */
  faces?: EnlargedFaces | undefined;
  /** What happens to it once it is enlarged; nothing when left out. */
  layers?: LayerWork | undefined;
  /** What stands for the picture's bytes. */
  source: string;
  /** For work files. */
  folder: string;
  signal: AbortSignal;
  /** The share of the work that is done, 0 to 1. */
  progress(share: number, message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/**
 * Enlarges by networks, and tells how far it is and how long each pass took.
 * @throws {Error} when the work files do not fit on the disk.
 * @throws {NonRetryableError} when the picture is damaged or a network's output is useless.
 */
export async function enlargedByNetworks(rendering: Rendering): Promise<Pipeline> {
  const { picture, colours, models, passes, faces, layers, folder, signal, source, info, warn } = rendering;
  await refuseFullDisk(picture, passes, folder);
  const networks = await Promise.all(models.map(loadNetwork));
  const shares = sharesOf(passes);
  let clock = new PassClock(0);
  const enlarging = layers ? SHARE_OF_ENLARGING : 1;
  const { path, shape } = await enlarge({
    ...{ picture, colours, faces, folder, signal, warn, key: source },
    ...(layers ? { leadRows: leadRowsFor } : {}),
    passes: networks.map((network, index) => ({ network, scale: passes[index] ?? network.scale })),
    progress: (pass, done, total) => {
      const before = shares.slice(0, pass).reduce((sum, share) => sum + share, 0);
      const which = passes.length === 1 ? 'Tile' : `Pass ${pass + 1} of ${passes.length}: tile`;
      const share = enlarging * (before + ((shares[pass] ?? 0) * done) / total);
      rendering.progress(share, `${which} ${done} of ${total}${clock.left(done, total)}`);
      if (done === total) info(`Pass ${pass + 1} of ${passes.length} took ${clock.took()}.`);
    },
    begin: (_pass, done) => {
      clock = new PassClock(done);
    },
  });
  if (layers)
    await putTogether({
      ...{ ...layers, picture, colours, path, shape, signal, info, warn },
      scale: passes.reduce((product, scale) => product * scale, 1),
      key: `${source} ${networks.map(({ name }) => name).join(' ')} ${passes.join(' ')} ${colours} ${faces?.key ?? ''}`,
      progress: (share, message) => rendering.progress(enlarging + (1 - enlarging) * share, message),
    });
  const sharp = await loadSharp();
  return sharp(path, { limitInputPixels: MAX_PIXELS });
}

/** Of the whole work, where layers are put together after it. */
const SHARE_OF_ENLARGING = 0.92;

/** The share of the whole work that each pass is: as many parts as it has pixels to look at. */
function sharesOf(passes: readonly number[]): number[] {
  const pixels = passes.map((_, index) => passes.slice(0, index).reduce((product, scale) => product * scale, 1) ** 2);
  const all = pixels.reduce((sum, count) => sum + count, 0);
  return pixels.map((count) => count / all);
}

/** Measures the tiles of a pass, and says from them how long it still takes. */
class PassClock {
  readonly #startedMs = performance.now();
  readonly #first: number;

  /** @param first tiles that an earlier try had done already. */
  constructor(first: number) {
    this.#first = first;
  }

  /** Such as `, about 40 s left`; nothing where that is not worth saying, or not known yet. */
  left(done: number, total: number): string {
    const measured = done - this.#first;
    const leftMs = (this.#tookMs / measured) * (total - done);
    return measured > 0 && leftMs >= 5000 ? `, about ${Math.round(leftMs / 1000)} s left` : '';
  }

  took(): string {
    return `${(this.#tookMs / 1000).toFixed(1)} s`;
  }

  get #tookMs(): number {
    return performance.now() - this.#startedMs;
  }
}
