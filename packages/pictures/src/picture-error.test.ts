import { existsSync } from 'node:fs';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { leftOut } from '../../../tests/services/left-out.ts';
import { loadSharp } from './load-sharp.ts';
import { explainPictureError } from './picture-error.ts';

describe('explainPictureError', () => {
  it.each([
    [
      'Input file contains unsupported image format',
      'it is not a PNG, JPEG, WebP, AVIF, GIF or TIFF file. Convert it to one of these.',
    ],
    ['Input file has corrupt header: VipsJpeg: premature end of JPEG image', 'it ends too early. Export it again.'],
    ['vipspng: libpng read error\nvips2png: unable to write to target /x.png', 'it ends too early. Export it again.'],
    ['Input image exceeds pixel limit', 'it has more than 268 million pixels. Make it smaller first.'],
    [
      'VipsJpeg: Invalid component ID 93 in SOS',
      'its data is damaged (VipsJpeg: Invalid component ID 93 in SOS). Export it again.',
    ],
  ])('says of "%s": %s', (message, expected) => {
    const error = explainPictureError('me.jpg', new Error(message));
    expect(error).toBeInstanceOf(NonRetryableError);
    expect((error as Error).message).toBe(`me.jpg cannot be read as a picture: ${expected}`);
  });

  it('blames the picture when its damage ends the writing', () => {
    const both = new Error('VipsJpeg: Invalid component ID 93 in SOS\nvips2png: unable to write to target /x.png');
    expect(explainPictureError('me.jpg', both)).toBeInstanceOf(NonRetryableError);
  });

  it('passes on faults of the machine, so that they are tried again', () => {
    const full = new Error(
      '/x.png: write error\nsystem error: No space left on device\nvips2png: unable to write to target /x.png',
    );
    expect(explainPictureError('me.jpg', full)).toBe(full);
  });

  const noFullDisk = leftOut(existsSync('/dev/full'), 'this system has no /dev/full');
  it.skipIf(noFullDisk)(`knows what a full disk sounds like${noFullDisk}`, async () => {
    const sharp = await loadSharp();
    const image = sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#123456' } }).tiff({
      compression: 'none',
    });
    const error = await image.toFile('/dev/full').catch((reason: unknown) => reason);
    expect(explainPictureError('me.jpg', error)).toBe(error);
    expect(error).toMatchObject({ code: 'ENOSPC' });
  });
});
