import type { ModelEntry } from '@imaginarium/node-sdk';
import { pictureNetwork } from './picture-network.ts';

const RELEASES = 'https://github.com/xinntao/Real-ESRGAN/releases/download';
const licence = {
  name: 'BSD-3-Clause',
  url: 'https://github.com/xinntao/Real-ESRGAN/blob/master/LICENSE',
  note: 'The authors have not said whether the licence of the code covers the weights; all who publish them take it so.',
};
const RRDB = 'RRDBNet(num_in_ch=3, num_out_ch=3, num_feat=64, num_block=23, num_grow_ch=32';
const EXPORT =
  'export it with torch.onnx.export at opset 13 as float32, with the names input and output and with height and width left dynamic, and import the file.';
const unhosted = 'No ONNX file is published with a checksum.';
const radius = 'The receptive radius is about 350 pixels by its layers; tiles are blended.';

/** The networks of Real-ESRGAN. */
export const REAL_ESRGAN: readonly ModelEntry[] = [
  pictureNetwork({
    name: 'realesrgan-x4plus',
    title: 'Real-ESRGAN x4plus',
    summary: 'Draws crisp texture into photos. 73 times the work of our own 4x network: for a machine with many cores.',
    licence,
    scale: 4,
    macPerPixel: 17_926_848,
    weights: {
      url: `${RELEASES}/v0.1.0/RealESRGAN_x4plus.pth`,
      sha256: '4fa0d38905f75ac06eb49a7951b426670021be3018265fd191d2125df9d682f1',
    },
    convert: `In Python, load RealESRGAN_x4plus.pth into basicsr's ${RRDB}, scale=4), ${EXPORT}`,
    unknown: [unhosted, radius],
  }),
  pictureNetwork({
    name: 'realesrgan-x2plus',
    title: 'Real-ESRGAN x2plus',
    summary: 'As x4plus, for twice the size. 20 times the work of our own 2x network.',
    licence,
    scale: 2,
    sizes: { kind: 'multiple', of: 2 },
    macPerPixel: 4_483_008,
    weights: {
      url: `${RELEASES}/v0.2.1/RealESRGAN_x2plus.pth`,
      sha256: '49fafd45f8fd7aa8d31ab2a22d14d91b536c34494a5cfe31eb5d89c2fa266abb',
    },
    convert: `In Python, load RealESRGAN_x2plus.pth into basicsr's ${RRDB}, scale=2), ${EXPORT}`,
    unknown: [unhosted, 'The receptive radius is about 700 pixels by its layers; tiles are blended.'],
  }),
  pictureNetwork({
    name: 'realesr-general-x4v3',
    title: 'Real-ESRGAN general v3',
    summary: 'A compact network for photos and drawings alike that also takes noise and JPEG blocks away.',
    licence,
    scale: 4,
    sha256: 'fea41d41d1895e1412cd0ca1abdd21fc8d57aa1f89f462483cf2258734b3d671',
    bytes: 4_861_433,
    receptiveRadiusPx: 34,
    corePx: 256,
    peakMemoryMb: 315,
    macPerPixel: 1_209_024,
    weights: {
      url: `${RELEASES}/v0.2.5.0/realesr-general-x4v3.pth`,
      sha256: '8dc7edb9ac80ccdc30c3a5dca6616509367f05fbc184ad95b731f05bece96292',
    },
    convert: `In Python, load realesr-general-x4v3.pth into realesrgan's SRVGGNetCompact(num_feat=64, num_conv=32, upscale=4, act_type='prelu'), ${EXPORT} Its bytes may differ from those named here; it then becomes a model of your own.`,
    unknown: ['Nobody hosts the converted file that the checksum is of.'],
  }),
  pictureNetwork({
    name: 'realesr-animevideov3-x4',
    title: 'Real-ESRGAN anime video v3',
    summary: 'A compact network for drawings and frames of animation: clean lines, flat colours.',
    licence,
    scale: 4,
    sha256: '3bfb0f982a4428146ccb78ec4892e8fc2aa64d3bf76ed46e4e7d35b6eb3ad5ad',
    bytes: 2_490_265,
    receptiveRadiusPx: 18,
    corePx: 384,
    peakMemoryMb: 375,
    macPerPixel: 619_200,
    weights: { url: `${RELEASES}/v0.2.5.0/realesr-animevideov3.pth`, sha256: null },
    convert: `In Python, load realesr-animevideov3.pth into realesrgan's SRVGGNetCompact(num_feat=64, num_conv=16, upscale=4, act_type='prelu'), ${EXPORT} Its bytes may differ from those named here; it then becomes a model of your own.`,
    unknown: ['Nobody hosts the converted file that the checksum is of.', 'The checksum of the published weights.'],
  }),
];
