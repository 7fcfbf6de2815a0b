import { styleText } from 'node:util';
import { timeLeft } from '@imaginarium/protocol';
import { addedTime } from '../added-time.ts';
import { TerminalBar } from '../terminal-bar.ts';
import { Pace } from './pace.ts';
import type { ForeseenUpscale } from './upscale-pictures.ts';

/** Where no bar can be drawn, a line says how far it is after so much more of the work, but not more often than this. */
const LINE_SHARE = 0.1;
const LINE_MS = 5000;

/** What came of a picture. */
export interface UpscaleEnd {
  /** The picture, as it was named. */
  picture: string;
  state: 'upscaled' | 'already-there' | 'failed';
  /** Where its result lies, and how large it is; null where there is none. */
  result: string | null;
  width: number | null;
  height: number | null;
  /** What it took; null where nothing was done. */
  durationMs: number | null;
  error: string | null;
}

/** What a picture that came to nothing says, and one whose result was there already. */
export const NOTHING_MADE = { result: null, width: null, height: null, durationMs: null, error: null } as const;

/** Shows in the terminal how several pictures are upscaled: a line for each in the end, and on the way a bar, or now and then a line. */
export class UpscaleReport {
  readonly #json: boolean;
  readonly #bar = new TerminalBar();
  readonly #pace = new Pace();
  readonly #said = new Set<string>();
  readonly #ends: UpscaleEnd[] = [];
  #count = 0;
  #lineShare = 0;
  #lineMs = performance.now();

  /** @param json print a line of JSON for each picture, and nothing else. */
  constructor(json: boolean) {
    this.#json = json;
  }

  /** Of how many pictures this came so far. */
  count(state: UpscaleEnd['state']): number {
    return this.#ends.filter((end) => end.state === state).length;
  }

  /** Pictures are being looked at, before anything is said of the time. */
  reading(done: number, count: number): void {
    this.#count = count;
    if (!this.#json && count > 1) this.#bar.draw(done / count, `Reading picture ${done + 1} of ${count}`);
  }

  /** Something that a person should know, once, whichever picture it was said of first. */
  warn(message: string, picture?: string): void {
    if (this.#json || this.#said.has(message)) return;
    this.#said.add(message);
    this.#bar.line(styleText('yellow', `  ${picture === undefined ? '' : `${picture}: `}${message}`));
  }

  /** What is going to be done, before it begins. @param name what it is called. */
  foreseen({ pictures, estimateMs, remarks, measured, adds }: ForeseenUpscale, name: string): void {
    for (const picture of pictures) this.#pace.add(picture.key, Math.max(1, picture.estimateMs));
    if (this.#json) {
      const each = pictures.map(({ path, file: { width, height }, estimateMs: ms }) => ({
        ...{ picture: path, width, height, estimateMs: ms },
      }));
      console.log(JSON.stringify({ type: 'estimate', estimateMs, measured, adds, remarks, pictures: each }));
      return;
    }
    const what = pictures.length === 1 ? '1 picture' : `${pictures.length} pictures`;
    const guess = measured ? '' : ', a guess: imaginarium models measure finds out how fast this machine is';
    if (pictures.length > 0)
      this.#bar.line(`${name}, ${what}: about ${timeLeft(estimateMs)}${adds ? addedTime(adds) : ''}${guess}`);
    for (const remark of remarks) this.warn(remark);
  }

  /** A picture is so far. @param message what is being done. */
  progress(key: string, share: number, picture: string, message: string): void {
    this.#pace.tell(key, share);
    if (this.#json) return;
    const left = this.#pace.leftMs;
    const many = this.#count > 1;
    const words = [
      ...(many ? [`${this.#ends.length} of ${this.#count}`] : []),
      ...(left === undefined ? [] : [`about ${timeLeft(left)} left`]),
    ];
    const doing = many ? `${picture}: ${message}` : message;
    if (this.#bar.isShown) this.#bar.draw(this.#pace.share, [...words, doing].join(', '));
    else this.#lineNowAndThen(words);
  }

  /** What came of a picture. */
  end(key: string, end: UpscaleEnd): void {
    if (end.state === 'upscaled') this.#pace.tell(key, 1);
    else this.#pace.drop(key);
    this.#ends.push(end);
    if (this.#json) console.log(JSON.stringify({ type: 'picture', ...end }));
    else this.#bar.line(lineOf(end));
  }

  /** Removes the bar. */
  close(): void {
    this.#bar.clear();
  }

  #lineNowAndThen(words: readonly string[]): void {
    const { share } = this.#pace;
    const now = performance.now();
    if (share < this.#lineShare + LINE_SHARE || share >= 1 || now - this.#lineMs < LINE_MS) return;
    this.#lineShare = share;
    this.#lineMs = now;
    console.log([`  ${Math.floor(share * 100)}%`, ...words].join(', '));
  }
}

function lineOf({ picture, state, result, width, height, durationMs, error }: UpscaleEnd): string {
  const size = width && height ? `${width} x ${height}` : '';
  switch (state) {
    case 'upscaled':
      return `${styleText('green', '✓')} ${picture} → ${result}  ${styleText('dim', `${size}, ${((durationMs ?? 0) / 1000).toFixed(1)} s`)}`;
    case 'already-there':
      return styleText('dim', `- ${picture} → ${result}  was there already`);
    case 'failed':
      return `${styleText('red', '✗')} ${picture}  ${error}`;
  }
}
