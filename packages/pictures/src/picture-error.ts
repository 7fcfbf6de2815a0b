import { NonRetryableError } from '@imaginarium/node-sdk';
import { MAX_PIXELS } from './load-sharp.ts';

/**
 * Runs work that decodes a picture, and says in plain words what is wrong with the picture when it fails.
 * @throws {NonRetryableError} when the picture is at fault. Faults of the machine, such as a full disk, are passed on as they are.
 */
export async function decoding<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainPictureError(name, error);
  }
}

/** The error to show for what the imaging library threw while it read the picture called `name`. */
export function explainPictureError(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof NonRetryableError || error.name === 'AbortError') return error;
  // The library says it in words only; with its code, a full disk is told as one.
  if (/no space left/i.test(error.message)) return Object.assign(error, { code: 'ENOSPC' });
  if (MACHINE_FAULT.test(error.message)) return error;
  return new NonRetryableError(`${name} cannot be read as a picture: ${reason(error.message)}`, {
    cause: error,
  });
}

/** What a full or locked disk, a vanished folder or too little memory sounds like: the picture is not at fault. */
const MACHINE_FAULT = /system error|file is missing|out of memory|cannot allocate/i;

function reason(message: string): string {
  if (/unsupported image format/i.test(message))
    return 'it is not a PNG, JPEG, WebP, AVIF, GIF or TIFF file. Convert it to one of these.';
  if (/exceeds pixel limit|dimensions exceed/i.test(message))
    return `it has more than ${Math.floor(MAX_PIXELS / 1e6)} million pixels. Make it smaller first.`;
  if (
    /premature end|truncated|unexpected end|libpng read error|ends? too (early|soon)|too few bytes|end of (file|data)/i.test(
      message,
    )
  )
    return 'it ends too early. Export it again.';
  const [first = ''] = message.split('\n');
  return `its data is damaged (${first.replace(/\.$/, '')}). Export it again.`;
}
