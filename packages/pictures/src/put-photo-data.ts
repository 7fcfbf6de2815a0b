import type { PictureFormat } from './format.ts';
import type { PhotoData } from './photo-data.ts';
import { putJpegIptc, putPngIptc } from './put-iptc.ts';
import { putTiffData } from './put-tiff-data.ts';

/** Puts into a written file what of the data about a photo the imaging library cannot write. */
export async function putPhotoData(path: string, format: PictureFormat, photo: PhotoData): Promise<void> {
  const { exif, iptc } = photo;
  if (format === 'tiff' && (exif || iptc)) await putTiffData(path, photo);
  if (format === 'jpeg' && iptc) await putJpegIptc(path, iptc);
  if (format === 'png' && iptc) await putPngIptc(path, iptc);
}
