import type { ModelEntry } from '@imaginarium/node-sdk';
import { pictureNetwork } from './picture-network.ts';

/** Super-resolution networks of other authors. */
export const OTHERS: readonly ModelEntry[] = [
  pictureNetwork({
    name: 'swinir-m-real-x4',
    title: 'SwinIR-M real-world',
    summary: 'A transformer that redraws photos. Very slow on a processor: for a machine with many cores.',
    licence: { name: 'Apache-2.0', url: 'https://github.com/JingyunLiang/SwinIR/blob/main/LICENSE' },
    scale: 4,
    sizes: { kind: 'multiple', of: 8 },
    weights: {
      url: 'https://github.com/JingyunLiang/SwinIR/releases/download/v0.0/003_realSR_BSRGAN_DFO_s64w8_SwinIR-M_x4_GAN.pth',
      sha256: 'b9afb61e65e04eb7f8aba5095d070bbe9af28df76acd0c9405aeb33b814bcfc6',
    },
    convert:
      'In Python, load the weights into the SwinIR class of the repository with its options for real_sr, and export it with torch.onnx.export at one fixed size that is a multiple of 8, such as 256 x 256: exports of other kinds run at their own size only.',
    unknown: [
      'No ONNX file is published with a checksum.',
      'Its windows have no bounded receptive radius; tiles are blended.',
      'Multiplications per pixel: about 13 million by its layers, not measured.',
    ],
  }),
  pictureNetwork({
    name: 'bsrgan-x4',
    title: 'BSRGAN',
    summary:
      'The graph of Real-ESRGAN x4plus, trained on other damage: for photos that were compressed and resized often.',
    licence: { name: 'Apache-2.0', url: 'https://github.com/cszn/BSRGAN/blob/main/LICENSE' },
    scale: 4,
    macPerPixel: 17_926_848,
    weights: {
      url: 'https://github.com/cszn/KAIR/releases/download/v1.0/BSRGAN.pth',
      sha256: '5d505a0766160921e0388d76e1ddf08cb114303990f9080432bf2b1c988b1c54',
    },
    convert:
      'In Python, load BSRGAN.pth into RRDBNet(in_nc=3, out_nc=3, nf=64, nb=23, gc=32, sf=4) of the repository, export it with torch.onnx.export at opset 13 as float32, with the names input and output and with height and width left dynamic, and import the file.',
    unknown: [
      'No ONNX file is published with a checksum.',
      'The checksum of the weights comes from a mirror.',
      'The receptive radius is about 350 pixels by its layers; tiles are blended.',
    ],
  }),
];
