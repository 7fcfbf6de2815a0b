import type { ModelEntry } from '@imaginarium/node-sdk';

const notTiled = { receptiveRadiusPx: null, corePx: null, macPerPixel: null, scale: 1, origin: 'catalogue' } as const;
const aligned = { dtype: 'float32', layout: 'NCHW', channels: 'rgb' } as const;

/** Networks that find faces and restore them. */
export const FACES: readonly ModelEntry[] = [
  {
    ...notTiled,
    name: 'yunet-n',
    title: 'YuNet',
    summary: 'Finds faces, with eyes, nose and mouth, in pictures of any size.',
    task: 'face-detection',
    file: 'yunet_n_dynamic.onnx',
    url: 'https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/yunet_n_dynamic.onnx',
    sha256: '104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12',
    bytes: 322_906,
    licence: { name: 'Apache-2.0', url: 'https://github.com/ShiqiYu/libfacedetection.train/blob/master/LICENSE' },
    commercial: true,
    inputs: [{ name: 'input', dtype: 'float32', layout: 'NCHW', channels: 'bgr', range: [0, 255] }],
    outputs: ['cls', 'obj', 'bbox', 'kps'].flatMap((kind) =>
      [8, 16, 32].map((stride) => ({ name: `${kind}_${stride}`, dtype: 'float32', layout: 'other' }) as const),
    ),
    sizes: { kind: 'multiple', of: 32 },
    peakMemoryMb: null,
    weights: null,
    convert: null,
    unknown: [],
  },
  {
    ...notTiled,
    name: 'gfpgan-1.4',
    title: 'GFPGAN 1.4',
    summary: 'Restores faces that were cut out and aligned at 512 x 512.',
    task: 'face-restoration',
    file: 'gfpgan-v1.4.onnx',
    url: 'https://github.com/clibdev/GFPGAN-onnxruntime-demo/releases/latest/download/gfpgan-v1.4.onnx',
    sha256: '497ff5b6d6008ec101b2714776ce39ce67a722a78720dfce84231e612e45053e',
    bytes: null,
    licence: {
      name: 'Apache-2.0',
      url: 'https://github.com/TencentARC/GFPGAN/blob/master/LICENSE',
      note: 'With a list of parts under other licences. It was trained on the faces of FFHQ, which are for non-commercial use.',
    },
    commercial: true,
    inputs: [{ name: null, ...aligned, range: [-1, 1] }],
    outputs: [{ name: null, ...aligned, range: [-1, 1] }],
    sizes: { kind: 'fixed', width: 512, height: 512 },
    peakMemoryMb: null,
    weights: {
      url: 'https://github.com/TencentARC/GFPGAN/releases/download/v1.3.0/GFPGANv1.4.pth',
      sha256: 'e2cd4703ab14f4d01fd1383a8a8b266f9a5833dacee8e6a79d3bf21a1b6be5ad',
    },
    convert: null,
    unknown: ['The exact size of the file: about 324.5 MB.', 'The checksum is the one its publisher states.'],
  },
  {
    ...notTiled,
    name: 'codeformer',
    title: 'CodeFormer',
    summary: 'Restores faces at 512 x 512, with a choice between faithful and pretty.',
    task: 'face-restoration',
    file: 'codeformer.onnx',
    url: null,
    sha256: null,
    bytes: null,
    licence: {
      name: 'S-Lab License 1.0',
      url: 'https://github.com/sczhou/CodeFormer/blob/master/LICENSE',
      note: 'For non-commercial use only. Ask its authors for anything else.',
    },
    commercial: false,
    inputs: [
      { name: 'x', ...aligned, range: [-1, 1] },
      { name: 'w', dtype: 'float64', layout: 'value', range: [0, 1] },
    ],
    outputs: [{ name: null, ...aligned, range: [-1, 1] }],
    sizes: { kind: 'fixed', width: 512, height: 512 },
    peakMemoryMb: null,
    weights: {
      url: 'https://github.com/sczhou/CodeFormer/releases/download/v0.1.0/codeformer.pth',
      sha256: '1009e537e0c2a07d4cabce6355f53cb66767cd4b4297ec7a4a64ca4b8a5684b7',
    },
    convert:
      'In Python, load codeformer.pth into the CodeFormer class of the repository (dim_embd=512, codebook_size=1024, n_head=8, n_layers=9, connect_list=32, 64, 128, 256), and export it with torch.onnx.export with the inputs x (1 x 3 x 512 x 512, float32) and w (one number, float64). Import the file as codeformer.onnx.',
    unknown: ['ONNX files are published without a SHA-256, and have changed under one name.'],
  },
];
