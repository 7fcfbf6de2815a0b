import type { Tag } from './tiff/shape.ts';

/** The directories of EXIF data that are kept, as the imaging library names them. */
export type ExifDirectory = 'IFD0' | 'IFD2' | 'IFD3';

/** EXIF data: those of {@link EXIF_TAGS} that a picture has. */
export type ExifTags = Partial<Record<ExifDirectory, Tag[]>>;

/** The tags of a picture that say where the directories lie of how it was taken, and of where. */
export const EXIF_POINTER = 34_665;
export const GPS_POINTER = 34_853;

/** The tags that are known, by number: the picture (IFD0), how it was taken (IFD2) and where (IFD3). */
export const EXIF_TAGS: Record<ExifDirectory, Record<number, string>> = {
  IFD0: {
    270: 'ImageDescription',
    271: 'Make',
    272: 'Model',
    305: 'Software',
    306: 'DateTime',
    315: 'Artist',
    33432: 'Copyright',
  },
  IFD2: {
    33434: 'ExposureTime',
    33437: 'FNumber',
    34850: 'ExposureProgram',
    34855: 'ISOSpeedRatings',
    36867: 'DateTimeOriginal',
    36868: 'DateTimeDigitized',
    36880: 'OffsetTime',
    36881: 'OffsetTimeOriginal',
    36882: 'OffsetTimeDigitized',
    37377: 'ShutterSpeedValue',
    37378: 'ApertureValue',
    37379: 'BrightnessValue',
    37380: 'ExposureBiasValue',
    37381: 'MaxApertureValue',
    37382: 'SubjectDistance',
    37383: 'MeteringMode',
    37384: 'LightSource',
    37385: 'Flash',
    37386: 'FocalLength',
    37520: 'SubSecTime',
    37521: 'SubSecTimeOriginal',
    37522: 'SubSecTimeDigitized',
    41986: 'ExposureMode',
    41987: 'WhiteBalance',
    41988: 'DigitalZoomRatio',
    41989: 'FocalLengthIn35mmFilm',
    41990: 'SceneCaptureType',
    41992: 'Contrast',
    41993: 'Saturation',
    41994: 'Sharpness',
    42016: 'ImageUniqueID',
    42032: 'CameraOwnerName',
    42033: 'BodySerialNumber',
    42034: 'LensSpecification',
    42035: 'LensMake',
    42036: 'LensModel',
    42037: 'LensSerialNumber',
  },
  IFD3: {
    1: 'GPSLatitudeRef',
    2: 'GPSLatitude',
    3: 'GPSLongitudeRef',
    4: 'GPSLongitude',
    5: 'GPSAltitudeRef',
    6: 'GPSAltitude',
    7: 'GPSTimeStamp',
    16: 'GPSImgDirectionRef',
    17: 'GPSImgDirection',
    18: 'GPSMapDatum',
    29: 'GPSDateStamp',
  },
};
