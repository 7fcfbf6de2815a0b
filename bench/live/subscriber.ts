import { LIVE, type RunEvent } from '@imaginarium/protocol';

/** What one subscriber heard of a run. */
export interface Heard {
  /** Milliseconds from the end of a step to its event arriving here, for each step. */
  stepEndMs: number[];
  /** Events that came out of order, twice, or not at all. */
  gaps: number;
}

/**
 * One live connection, spoken by hand: a thousand whole clients on the machine that is measured would be most of what is measured.
 * @see https://socket.io/docs/v4/socket-io-protocol/ for what is said here.
 */
export class Subscriber {
  readonly #socket: WebSocket;
  #acks = 0;
  readonly #answers = new Map<number, (ok: boolean) => void>();
  #heard: Heard = { stepEndMs: [], gaps: 0 };
  #seq = 0;
  #onEnd: (heard: Heard) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
  }

  /** @throws {Error} when the server takes nobody more. */
  static async connect(address: string, apiKey: string): Promise<Subscriber> {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error('The live connection was refused.')), { once: true });
      const greet = ({ data }: MessageEvent) => {
        const text = String(data);
        if (text.startsWith('0')) socket.send(`40${JSON.stringify({ apiKey })}`);
        else if (text.startsWith('40')) {
          socket.removeEventListener('message', greet);
          resolve();
        } else reject(new Error(`The live connection was answered ${text}`));
      };
      socket.addEventListener('message', greet);
    });
    return new Subscriber(socket);
  }

  /** Watches a run from its beginning. @returns once the server has agreed, with what is heard until the run has ended. */
  async watch(runId: string): Promise<{ heard: Promise<Heard> }> {
    this.#heard = { stepEndMs: [], gaps: 0 };
    this.#seq = 0;
    const heard = new Promise<Heard>((resolve) => {
      this.#onEnd = resolve;
    });
    const ack = ++this.#acks;
    const agreed = new Promise<boolean>((resolve) => this.#answers.set(ack, resolve));
    this.#socket.send(`42${ack}${JSON.stringify([LIVE.watch, { runId, after: 0 }])}`);
    if (!(await agreed)) throw new Error(`The run ${runId} could not be watched.`);
    return { heard };
  }

  close(): void {
    this.#socket.close();
  }

  #receive(text: string): void {
    const now = Date.now();
    if (text === '2') {
      this.#socket.send('3');
      return;
    }
    const [, kind, ack = '', json = ''] = /^4([23])(\d*)(.*)$/s.exec(text) ?? [];
    if (kind === '3') {
      this.#answers.get(Number(ack))?.(JSON.parse(json)[0].ok);
      this.#answers.delete(Number(ack));
    }
    if (kind === '2') this.#hear(JSON.parse(json)[1] as RunEvent[], now);
  }

  #hear(events: readonly RunEvent[], now: number): void {
    for (const event of events) {
      if (event.seq !== this.#seq + 1) this.#heard.gaps++;
      this.#seq = event.seq;
      if (event.type === 'step.finished') this.#heard.stepEndMs.push(now - Date.parse(event.at));
      if (event.type === 'run.finished') this.#onEnd(this.#heard);
    }
  }
}
