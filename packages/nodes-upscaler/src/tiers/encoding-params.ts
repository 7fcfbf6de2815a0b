import { choice, slider } from '@imaginarium/node-sdk';
import { FORMAT_TRAITS, PICTURE_FORMATS, type PictureFormat } from '@imaginarium/pictures';

/** The part of an upscaler's form that says how the result is written. */
export function encodingParams(defaults: { format: 'same' | PictureFormat; quality: number }) {
  return {
    format: choice({
      title: 'Format',
      options: [
        { value: 'same', label: 'Same as the input' },
        ...PICTURE_FORMATS.map((value) => ({ value, label: FORMAT_TRAITS[value].title })),
      ],
      default: defaults.format,
    }),
    quality: slider({
      title: 'Quality',
      help: 'PNG and TIFF keep everything whatever it says.',
      min: 1,
      max: 100,
      step: 1,
      default: defaults.quality,
      showWhen: { format: { in: ['same', ...PICTURE_FORMATS.filter((format) => FORMAT_TRAITS[format].lossy)] } },
    }),
  };
}
