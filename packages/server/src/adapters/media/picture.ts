import { FileRefusedError } from '@imaginarium/engine';
import { loadSharp, MAX_PIXELS } from '@imaginarium/pictures';

/**
 * Reads a picture to its end, and gives its size as shown: after its orientation is applied.
 * @param pixelLimit most pixels; judged by the header, before anything is decoded.
 * @throws {FileRefusedError} that says what is wrong with it.
 */
export async function inspectPicture(
  path: string,
  name: string,
  pixelLimit: number,
): Promise<{ width: number; height: number }> {
  const sharp = await loadSharp();
  // The limit is judged below, so that the answer can give both numbers.
  const open = (limitInputPixels: number | false) =>
    sharp(path, { limitInputPixels, failOn: 'error', sequentialRead: true, pages: 1 });
  const header = await open(false)
    .metadata()
    .catch((error: unknown) => {
      throw broken(name, error);
    });
  const { width, height, autoOrient } = header;
  if (width * height > pixelLimit) {
    const [has, may] = [width * height, pixelLimit].map((pixels) => (pixels / 1e6).toFixed(1));
    throw new FileRefusedError(
      'too-large',
      `${name} has ${has} megapixels (${width} x ${height}); at most ${may} are allowed. Make it smaller first.`,
    );
  }
  // A picture that ends too early shows only when its last row is asked for: all rows before it are decoded then, one after another.
  await open(pixelLimit)
    .extract({ left: 0, top: height - 1, width, height: 1 })
    .raw()
    .toBuffer()
    .catch((error: unknown) => {
      throw broken(name, error);
    });
  return { width: autoOrient.width, height: autoOrient.height };
}

function broken(name: string, error: unknown): FileRefusedError {
  const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  const early = /premature end|truncated|unexpected end|end of (file|stream)|not enough/i.test(detail);
  const what = early ? 'it ends too early, as if it was not copied whole' : 'its content is damaged';
  return new FileRefusedError('broken', `${name} cannot be read as a picture: ${what}. Export or save it again.`, {
    cause: error,
  });
}

/** Most pixels of a picture that is stored: it was judged when it came, or one of our own nodes made it, as large as these may. */
export function storedLimit(pixelLimit: number): number {
  return Math.max(pixelLimit, MAX_PIXELS);
}

/** Writes a WebP of a stored picture that fits a square of `size` pixels, never larger than the picture. */
export async function makeThumbnail(task: {
  source: string;
  target: string;
  size: number;
  pixelLimit: number;
}): Promise<void> {
  const sharp = await loadSharp();
  await sharp(task.source, {
    limitInputPixels: storedLimit(task.pixelLimit),
    failOn: 'none',
    sequentialRead: true,
    pages: 1,
  })
    .autoOrient()
    .resize({ width: task.size, height: task.size, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .webp({ quality: 82, effort: 2 })
    .toFile(task.target);
}
