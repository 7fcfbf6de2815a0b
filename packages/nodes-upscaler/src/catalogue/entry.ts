/** What a network does. */
export type ModelTask = 'super-resolution';

/** What is known of a network, so that it can be found, trusted, fed and planned for. */
export interface ModelEntry {
  /** The name params and fingerprints use. */
  name: string;
  title: string;
  task: ModelTask;
  /** File name. */
  file: string;
  /** Whether the file comes with this package; others lie in the models folder. */
  shipped: boolean;
  /** Where to fetch the file; null when nobody hosts it and it has to be copied into the folder. */
  url: string | null;
  /** SHA-256 of the file in hex. */
  sha256: string;
  bytes: number;
  /** SPDX name. */
  licence: string;
  /** Whether the licence allows commercial use. */
  commercial: boolean;
  /** Output pixels per input pixel, along each side. */
  scale: number;
  /** Names of the graph's tensors: float32, `1 x 3 x height x width`, red, green, blue from 0 to 1; the output is not clamped. */
  input: string;
  output: string;
  /** Which sizes it takes. */
  sizes: 'any';
  /** How far an input pixel reaches, in input pixels: tiles that overlap by it meet without a trace. */
  receptiveRadiusPx: number;
  /** The side of a tile without its overlap, in input pixels: small enough to take under 2 seconds on two cores. */
  corePx: number;
  /** Peak memory of a process that runs tiles of {@link corePx} with their overlap, measured. */
  peakMemoryMb: number;
}
