import type { ModelEntry } from './entry.ts';

/**
 * The networks this package can run, best first: what a person installed on purpose comes before what is there anyway.
 *
 * Two are Real-ESRGAN's compact networks, converted to ONNX from the weights that its authors published; nobody hosts the converted files.
 * Those of Imaginarium come with the package; `training/` holds how they were made.
 */
export const CATALOGUE: readonly ModelEntry[] = [
  {
    name: 'realesr-general-x4v3',
    title: 'Real-ESRGAN general v3',
    task: 'super-resolution',
    file: 'realesr-general-x4v3.onnx',
    shipped: false,
    url: null,
    sha256: 'fea41d41d1895e1412cd0ca1abdd21fc8d57aa1f89f462483cf2258734b3d671',
    bytes: 4_861_433,
    licence: 'BSD-3-Clause',
    commercial: true,
    scale: 4,
    input: 'input',
    output: 'output',
    sizes: 'any',
    receptiveRadiusPx: 34,
    corePx: 256,
    peakMemoryMb: 285,
  },
  {
    name: 'realesr-animevideov3-x4',
    title: 'Real-ESRGAN anime video v3',
    task: 'super-resolution',
    file: 'realesr-animevideov3-x4.onnx',
    shipped: false,
    url: null,
    sha256: '3bfb0f982a4428146ccb78ec4892e8fc2aa64d3bf76ed46e4e7d35b6eb3ad5ad',
    bytes: 2_490_265,
    licence: 'BSD-3-Clause',
    commercial: true,
    scale: 4,
    input: 'input',
    output: 'output',
    sizes: 'any',
    receptiveRadiusPx: 18,
    corePx: 384,
    peakMemoryMb: 325,
  },
  {
    name: 'imaginarium-x4',
    title: 'Imaginarium 4x',
    task: 'super-resolution',
    file: 'imaginarium-x4.onnx',
    shipped: true,
    url: null,
    sha256: 'a3fccaa60d15acf18db68752037e1eebe4e267bdea75b8023e467ee331aebb8f',
    bytes: 473_285,
    licence: 'Apache-2.0',
    commercial: true,
    scale: 4,
    input: 'input',
    output: 'output',
    sizes: 'any',
    receptiveRadiusPx: 12,
    corePx: 256,
    peakMemoryMb: 360,
  },
];
