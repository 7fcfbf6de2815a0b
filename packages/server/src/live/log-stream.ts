import { LOG_LEVELS, type LogLevel, type RunEvent, type RunState } from '@imaginarium/protocol';
import type { Response } from 'express';

/** Bytes that may wait for a slow reader. Beyond, the stream ends; the reader comes back with the number it has. */
const MOST_WAITING_BYTES = 1_000_000;

/** Which lines of a log somebody wants. */
export interface LogFilter {
  node?: string | undefined;
  level: LogLevel;
}

/** One answer that tells the log of a run as server-sent events, each with the number that `Last-Event-ID` goes on from. */
export class LogStream {
  readonly #res: Response;
  readonly #filter: LogFilter;

  constructor(res: Response, filter: LogFilter) {
    this.#res = res;
    this.#filter = filter;
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // A proxy that gathers what it hands on would make a stream of it that stands still.
      'x-accel-buffering': 'no',
    });
    res.flushHeaders();
  }

  /** Tells what of these events is wanted, and ends with the run. */
  send(events: readonly RunEvent[]): void {
    let text = '';
    for (const event of events) {
      if (event.type === 'log' && this.#isWanted(event)) text += written('log', event.seq, event);
      if (event.type === 'run.finished') {
        this.#write(text + written('end', event.seq, { state: event.state, error: event.error }));
        this.#res.end();
        return;
      }
    }
    if (text !== '') this.#write(text);
  }

  /** Ends with a run whose end was told before. */
  end(state: RunState): void {
    if (!this.#res.writableEnded) this.#res.end(`event: end\ndata: ${JSON.stringify({ state })}\n\n`);
  }

  /** Says that there is nothing to say, so that nobody between takes the line for dead. */
  keepAlive(): void {
    this.#write(': the run is at work\n\n');
  }

  /** Cuts the line. */
  cut(): void {
    this.#res.destroy();
  }

  #isWanted({ node, level }: Extract<RunEvent, { type: 'log' }>): boolean {
    if (this.#filter.node !== undefined && node !== this.#filter.node) return false;
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#filter.level);
  }

  #write(text: string): void {
    if (this.#res.writableEnded || this.#res.destroyed) return;
    this.#res.write(text);
    if (this.#res.writableLength > MOST_WAITING_BYTES) this.#res.destroy();
  }
}

/** JSON holds no line break, so that one `data` line carries it. */
function written(name: string, seq: number, data: object): string {
  return `event: ${name}\nid: ${seq}\ndata: ${JSON.stringify(data)}\n\n`;
}
