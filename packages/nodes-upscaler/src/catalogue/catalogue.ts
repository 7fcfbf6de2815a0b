import type { ModelEntry } from '@imaginarium/node-sdk';
import { FACES } from './faces.ts';
import { OTHERS } from './others.ts';
import { pictureNetwork } from './picture-network.ts';
import { REAL_ESRGAN } from './real-esrgan.ts';

const licence = { name: 'Apache-2.0', url: null };

/** The networks that come with the package; `training/` holds how they were made. */
const SHIPPED: readonly ModelEntry[] = [
  pictureNetwork({
    name: 'imaginarium-x2',
    title: 'Imaginarium 2x',
    summary: 'Our own, for photos and drawings: quick, and close to the original.',
    origin: 'shipped',
    licence,
    scale: 2,
    sha256: 'c255c9541196654c1f9a70aad043cc9fe1d118ddbae516a083e3b85a22f23b9c',
    bytes: 435_986,
    receptiveRadiusPx: 12,
    corePx: 256,
    peakMemoryMb: 210,
    macPerPixel: 214_740,
  }),
  pictureNetwork({
    name: 'imaginarium-x4',
    title: 'Imaginarium 4x',
    summary: 'Our own, for photos and drawings: quick, and close to the original.',
    origin: 'shipped',
    licence,
    scale: 4,
    sha256: '6f7f2b448cfb7367a7871955a093d622272f15d48be82f4203981d89805db635',
    bytes: 472_564,
    receptiveRadiusPx: 12,
    corePx: 320,
    peakMemoryMb: 265,
    macPerPixel: 232_992,
  }),
];

/**
 * The models this package knows, best first within a task: what a person installed on purpose comes before what is there anyway. Nothing in
 * it is a guess: what nobody has published is null, and `unknown` says so.
 */
export const CATALOGUE: readonly ModelEntry[] = [...OTHERS, ...REAL_ESRGAN, ...SHIPPED, ...FACES];
