export { type ExifTexts, exifTexts } from './exif-texts.ts';
export { baseName, FORMAT_TRAITS, type FormatTraits, PICTURE_FORMATS, type PictureFormat } from './format.ts';
export { loadSharp, MAX_PIXELS, type Overlay, type Pipeline, type Sharp } from './load-sharp.ts';
export { freeMemoryMb, machineMemoryMb } from './machine-memory.ts';
export { openPicture, type Picture } from './open-picture.ts';
export { canTakeOverAll, PHOTO_DATA_WISHES, type PhotoData, type PhotoDataWish, photoDataOf } from './photo-data.ts';
export { decoding } from './picture-error.ts';
export { hasProcessorQuota } from './processor-quota.ts';
export {
  type Encoding,
  refuseFormatSize,
  renderPicture,
  type Writing,
  type WrittenPicture,
  withPhotoData,
  writePicture,
} from './write-picture.ts';
