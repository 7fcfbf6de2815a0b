import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TiledPicture, tiledPictureSchema } from '@imaginarium/protocol';
import { z } from 'zod';

/** What lies beside the tiles of a picture. Where it is, the tiles are whole: it comes with them, and goes before them. */
const noteSchema = z.strictObject({ picture: tiledPictureSchema, bytes: z.int().nonnegative() });
type Note = z.infer<typeof noteSchema>;

const NOTE = 'kept.json';
/** That a picture was looked at is noted no more often. */
const SEEN_MS = 60 * 60 * 1000;

/** The tiles of pictures in a folder, as much as there is room for. */
export class KeptTiles {
  readonly #folder: string;
  readonly #maxBytes: number;

  /** @param maxBytes most bytes of all tiles together; those that came last are kept in any case. */
  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** The folder for the tiles of a picture. */
  folderOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), id.slice(2));
  }

  /** What is known of a picture whose tiles are kept; it counts as looked at now. */
  async find(id: string): Promise<TiledPicture | undefined> {
    const found = await readNote(this.folderOf(id));
    if (!found) return undefined;
    const now = new Date();
    if (now.getTime() - found.seen > SEEN_MS)
      await utimes(join(this.folderOf(id), NOTE), now, now).catch(() => undefined);
    return found.note.picture;
  }

  /** Takes over a folder of tiles that lies beside their place; others go for them where there is no room. */
  async add(id: string, picture: TiledPicture, folder: string): Promise<void> {
    const note: Note = { picture, bytes: await bytesIn(folder) };
    await writeFile(join(folder, NOTE), JSON.stringify(note));
    const place = this.folderOf(id);
    // Another server that shares the folder may have been faster: its tiles are the same.
    if (await readNote(place)) return;
    // What a process left that died while it removed them.
    await rm(place, { recursive: true, force: true });
    await rename(folder, place);
    await this.#makeRoom(place);
  }

  /** Removes those that nobody looked at for longest, until all others fit. */
  async #makeRoom(newest: string): Promise<void> {
    const all: { place: string; bytes: number; seen: number }[] = [];
    for (const prefix of (await readdir(this.#folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)))
      for (const rest of await readdir(join(this.#folder, prefix))) {
        if (!/^[0-9a-f]{62}$/.test(rest)) continue;
        const place = join(this.#folder, prefix, rest);
        const found = await readNote(place);
        if (found) all.push({ place, bytes: found.note.bytes, seen: found.seen });
      }
    let bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    for (const one of all.toSorted((a, b) => a.seen - b.seen)) {
      if (bytes <= this.#maxBytes) return;
      if (one.place === newest) continue;
      await rm(join(one.place, NOTE), { force: true });
      await rm(one.place, { recursive: true, force: true });
      bytes -= one.bytes;
    }
  }
}

/** What lies beside tiles, and when they were looked at last, in milliseconds; undefined where there are none that are whole. */
async function readNote(place: string): Promise<{ note: Note; seen: number } | undefined> {
  const path = join(place, NOTE);
  try {
    const note = noteSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return { note, seen: (await stat(path)).mtimeMs };
  } catch {
    return undefined;
  }
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
