import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type DeepZoom, type FileRef, type TiledPicture, topLevel } from '@imaginarium/protocol';
import { KeptTiles } from './kept-tiles.ts';

export interface DeepZoomsOptions {
  folder: string;
  /** Most bytes of all tiles together. */
  maxBytes: number;
  /** Where the file lies. */
  locate(id: string): Promise<string>;
  /** Cuts a picture into `<target>/tiles_files/<level>/<column>_<row>.<format>`. */
  cut(task: { name: string; source: string; target: string; tileSize: number }): Promise<TiledPicture>;
}

/** A picture that is being cut, or could not be. */
interface Making {
  folder: string;
  /** Never rejects. */
  cutting: Promise<void>;
  failure?: { error: unknown };
}

/** Few and large tiles: a screen needs a dozen of them, and the largest picture makes some 1,400 files. */
const TILE_SIZE = 512;
/** A small picture is cut within this: its viewer then need not ask twice. */
const PATIENCE_MS = 400;

/**
 * Pictures cut into tiles, so that a browser shows what it could never hold. Cut when they are first looked at, and kept as long as there
 * is room and their file is there.
 */
export class DeepZooms {
  readonly #options: DeepZoomsOptions;
  readonly #kept: KeptTiles;
  readonly #making = new Map<string, Making>();

  constructor(options: DeepZoomsOptions) {
    this.#options = options;
    this.#kept = new KeptTiles(options.folder, options.maxBytes);
  }

  /** The tiles of a picture, or how far they are; the first call has them cut. @throws once why they could not be cut; the next call tries again. */
  async get(file: FileRef): Promise<DeepZoom> {
    const { id } = file;
    const found = await this.#kept.find(id);
    if (found) return found;
    // Several people may look at once: it is cut once.
    const making = this.#making.get(id) ?? this.#begin(file);
    const patience = new AbortController();
    await Promise.race([making.cutting, pause(PATIENCE_MS, undefined, patience).catch(() => undefined)]);
    patience.abort();
    if (making.failure) {
      this.#making.delete(id);
      throw making.failure.error;
    }
    return (await this.#kept.find(id)) ?? { state: 'making', share: await shareOf(file, making.folder) };
  }

  /** Where a tile lies, if there is one of that name. */
  tilePath(id: string, level: number, tile: string): string {
    return join(this.#kept.folderOf(id), 'tiles_files', String(level), tile);
  }

  #begin({ id, name }: FileRef): Making {
    // Beside its place: housekeeping finds there what was never finished.
    const folder = join(dirname(this.#kept.folderOf(id)), `${randomUUID()}.part`);
    const making: Making = { folder, cutting: Promise.resolve() };
    this.#making.set(id, making);
    making.cutting = this.#make(id, name, folder).then(
      () => void this.#making.delete(id),
      (error: unknown) => {
        making.failure = { error };
      },
    );
    return making;
  }

  async #make(id: string, name: string, folder: string): Promise<void> {
    const { cut, locate } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      const picture = await cut({ name, source: await locate(id), target: folder, tileSize: TILE_SIZE });
      await this.#kept.add(id, picture, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** How much of a picture is cut, by its tiles of full size: they are most of the work. */
async function shareOf({ width, height }: FileRef, folder: string): Promise<number> {
  if (!width || !height) return 0;
  const top = join(folder, 'tiles_files', String(topLevel({ width, height })));
  const done = (await readdir(top).catch(() => [])).length;
  return Math.min(1, done / (Math.ceil(width / TILE_SIZE) * Math.ceil(height / TILE_SIZE)));
}
