import { availableParallelism } from 'node:os';
import { partsOf, type TimedUpscale, upscaleTimes } from '../upscale/upscale-times.ts';

/** Restoring a face on one core, in milliseconds. */
const FACE_MS = 6000;
/** Of the whole, while nobody knows yet what is to be done. */
const FIRST_LOOK = 0.01;

type ToWhole = (share: number) => number;

/** Tells how far an upscale is, as a share of the time that all of it is expected to take. */
export class UpscaleProgress {
  readonly #tell: (share: number, message: string) => void;
  #faces: ToWhole = (share) => FIRST_LOOK * share;
  #passes: readonly ToWhole[] = [];
  #layers: ToWhole | undefined;
  #writing: ToWhole | undefined;
  #silent: boolean;

  /** @param resumed whether an earlier try left work: nothing is told before it is known how far that came. */
  constructor(tell: (share: number, message: string) => void, resumed: boolean) {
    this.#tell = tell;
    this.#silent = resumed;
    if (!resumed) tell(0, 'Reading the picture');
  }

  /** What is to be done is known from now on. @param faces how many will be restored. */
  plan(upscale: TimedUpscale, faces: number): void {
    const { beginMs, passesMs, layersMs, writeMs } = upscaleTimes(upscale);
    const facesMs = (faces * FACE_MS) / availableParallelism();
    const [, ofFaces, ...parts] = partsOf([beginMs, facesMs, ...passesMs, layersMs, writeMs]);
    if (ofFaces) this.#faces = ofFaces;
    this.#writing = parts.pop();
    this.#layers = parts.pop();
    this.#passes = parts;
  }

  /** Finding and restoring faces. */
  faces(share: number, message: string): void {
    if (!this.#silent) this.#tell(this.#faces(share), message);
  }

  /** @param part the position of a pass, or the layers after them all. */
  enlarging(part: number | 'layers', share: number, message: string): void {
    this.#silent = false;
    const toWhole = part === 'layers' ? this.#layers : this.#passes[part];
    this.#tell(toWhole?.(share) ?? 0, message);
  }

  writing(share: number, message: string): void {
    this.#tell(this.#writing?.(share) ?? 0, message);
  }
}
