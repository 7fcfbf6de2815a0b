import { loadSharp, MAX_PIXELS, type Picture, type Pipeline } from '@imaginarium/pictures';
import type { Network } from '../inference/network.ts';
import { type LayerWork, putTogether } from '../layers/put-together.ts';
import { refuseFullDisk } from './check-room.ts';
import type { ChosenPass } from './choose-passes.ts';
import { type EnlargedFaces, enlarge } from './enlarge.ts';
import { loadPasses } from './load-passes.ts';

/** An enlargement by installed networks, as a node asks for it. */
export interface Rendering {
  picture: Picture;
  colours: 'srgb' | 'own';
  /** One network after another. */
  passes: readonly ChosenPass[];
  /** Faces that are restored on the way; none when left out. */
  faces?: EnlargedFaces | undefined;
  /** What happens to it once it is enlarged; nothing when left out. */
  layers?: LayerWork | undefined;
  /** What stands for the picture's bytes. */
  source: string;
  /** For work files. */
  folder: string;
  signal: AbortSignal;
  /** The share that is done of a pass, by its position, or of the layers after them, 0 to 1. Where an earlier try came to is told first. */
  progress(part: number | 'layers', share: number, message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** A row of so many bytes is wide: the imaging library holds some 640 of them while it writes. */
const WIDE_BYTES = 50_000;

/**
 * Enlarges by networks, and tells how far it is and how long each pass took.
 * @throws {Error} when the work files do not fit on the disk.
 * @throws {NonRetryableError} when the picture is damaged or a network's output is useless.
 */
export async function enlargedByNetworks(rendering: Rendering): Promise<Pipeline> {
  const { picture, colours, passes, faces, layers, folder, signal, source, info, warn } = rendering;
  const scales = passes.map(({ scale }) => scale);
  await refuseFullDisk(picture, scales, folder, layers !== undefined);
  let [began, networkMs] = [performance.now(), 0];
  const inNetwork = async <Enlarged>(work: Promise<Enlarged>): Promise<Enlarged> => {
    const start = performance.now();
    const enlarged = await work;
    networkMs += performance.now() - start;
    return enlarged;
  };
  const timed = ({ enlarge, enlargeBytes, ...network }: Network): Network => ({
    ...network,
    enlarge: (tile) => inNetwork(enlarge(tile)),
    ...(enlargeBytes ? { enlargeBytes: (tile) => inNetwork(enlargeBytes(tile)) } : {}),
  });
  const loaded = (await loadPasses(passes)).map(({ network, scale }) => ({ network: timed(network), scale }));
  const tell = (pass: number, done: number, total: number) => {
    const which = passes.length === 1 ? 'Tile' : `Pass ${pass + 1} of ${passes.length}: tile`;
    rendering.progress(pass, done / total, `${which} ${done} of ${total}`);
  };
  const { path, shape } = await enlarge({
    ...{ picture, colours, faces, folder, signal, warn, key: source },
    passes: loaded,
    begin: (pass, done, total) => {
      [began, networkMs] = [performance.now(), 0];
      tell(pass, done, total);
    },
    progress: (pass, done, total) => {
      tell(pass, done, total);
      const [all, ofIt] = [performance.now() - began, networkMs].map((ms) => (ms / 1000).toFixed(1));
      if (done === total) info(`Pass ${pass + 1} of ${passes.length} took ${all} s, ${ofIt} s of it in the network.`);
    },
  });
  const result = layers
    ? await putTogether({
        ...{ ...layers, picture, colours, path, shape, signal, info, warn },
        scale: scales.reduce((product, scale) => product * scale, 1),
        key: `${source} ${loaded.map(({ network }) => network.name).join(' ')} ${scales.join(' ')} ${colours} ${faces?.key ?? ''}`,
        progress: (share, message) => rendering.progress('layers', share, message),
      })
    : path;
  // Writing a wide picture takes memory too, and what the networks hold is of no more use for this one.
  if (shape.width * shape.channels * (shape.bits / 8) > WIDE_BYTES)
    await Promise.all(loaded.map(({ network }) => network.rest()));
  const sharp = await loadSharp();
  return sharp(result, { limitInputPixels: MAX_PIXELS });
}
