import { ApiError } from '@imaginarium/client';
import type { Graph } from '@imaginarium/protocol';

/** Where the draft stands: what the top bar says and what leaving must care for. */
export type SaveState =
  | { state: 'saved'; at: string }
  | { state: 'unsaved' }
  | { state: 'saving' }
  /** The server could not be reached; it is tried again by itself. */
  | { state: 'offline' }
  /** The server refused the draft; another edit tries again. */
  | { state: 'refused'; reason: string }
  /** Somebody else saved meanwhile: a person must choose, nothing is sent before that. */
  | { state: 'conflict' };

export interface SaveAnswer {
  revision: number;
  updatedAt: string;
}

export interface AutosaveOptions {
  /** Sends the draft over the revision it was made from. */
  save(graph: Graph, revision: number, options: { keepalive: boolean }): Promise<SaveAnswer>;
  /** The draft as it is now. */
  draft(): Graph;
  revision: number;
  /** When the draft was last saved. */
  savedAt: string;
  onChange(state: SaveState): void;
  /** Quiet time after the last edit before it is sent, in milliseconds. Default 700. */
  delayMs?: number;
  /** First wait after a failure; doubles up to 30 s. Default 2000. */
  retryMs?: number;
}

const LONGEST_RETRY_MS = 30_000;
/** Browsers refuse larger requests that outlive their page; the rest is left for headers. */
export const KEEPALIVE_BYTES = 60_000;

/** Saves a draft behind the back of whoever edits it: one request at a time, each over the revision that the last one made. */
export class Autosave {
  readonly #options: AutosaveOptions;
  #revision: number;
  #sent: Graph;
  #savedAt: string;
  #state: SaveState['state'] = 'saved';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<boolean> | undefined;
  #failures = 0;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    this.#revision = options.revision;
    this.#sent = options.draft();
    this.#savedAt = options.savedAt;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Whether the server does not yet have the draft as it is. */
  get isDirty(): boolean {
    return this.#sent !== this.#options.draft();
  }

  /** Whether leaving now could lose something that `leave` cannot send. */
  get needsWarning(): boolean {
    if (!this.isDirty) return false;
    return this.#running !== undefined || JSON.stringify(this.#options.draft()).length > KEEPALIVE_BYTES;
  }

  /** Says that the draft has changed. */
  changed(): void {
    if (this.#state === 'conflict') return;
    if (!this.isDirty) {
      // Undo led back to what the server has.
      clearTimeout(this.#timer);
      if (!this.#running && this.#state !== 'saved') this.#tell({ state: 'saved', at: this.#savedAt });
      return;
    }
    if (!this.#running && this.#state !== 'offline') this.#tell({ state: 'unsaved' });
    this.#schedule(this.#state === 'offline' ? this.#wait() : (this.#options.delayMs ?? 700));
  }

  /** Saves at once. @returns whether the server now has the draft. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#state === 'conflict') return false;
    await this.#running;
    if (!this.isDirty) return true;
    this.#running = this.#send(false);
    const saved = await this.#running;
    return saved && !this.isDirty;
  }

  /** Sends what is unsaved with a request that outlives the page. */
  leave(): void {
    if (this.#state === 'conflict' || this.#running || !this.isDirty) return;
    clearTimeout(this.#timer);
    this.#running = this.#send(JSON.stringify(this.#options.draft()).length <= KEEPALIVE_BYTES);
  }

  /** Takes over a draft that came from the server, after a conflict. */
  adopt(graph: Graph, answer: SaveAnswer): void {
    this.#revision = answer.revision;
    this.#sent = graph;
    this.#savedAt = answer.updatedAt;
    this.#tell({ state: 'saved', at: answer.updatedAt });
  }

  /** Forgets the waiting save; call `flush` or `leave` first. What those could not send for want of a server is still tried again. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), delayMs);
  }

  async #send(keepalive: boolean): Promise<boolean> {
    const graph = this.#options.draft();
    this.#tell({ state: 'saving' });
    try {
      const answer = await this.#options.save(graph, this.#revision, { keepalive });
      this.#revision = answer.revision;
      this.#sent = graph;
      this.#savedAt = answer.updatedAt;
      this.#failures = 0;
      this.#tell(this.isDirty ? { state: 'unsaved' } : { state: 'saved', at: answer.updatedAt });
      if (this.isDirty) this.#schedule(this.#options.delayMs ?? 700);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      this.#running = undefined;
    }
  }

  #fail(error: unknown): void {
    if (error instanceof ApiError && error.code === 'draft-conflict') this.#tell({ state: 'conflict' });
    else if (error instanceof ApiError && error.status < 500 && error.status !== 429)
      this.#tell({ state: 'refused', reason: error.message });
    else {
      this.#failures++;
      this.#tell({ state: 'offline' });
      this.#schedule(this.#wait());
    }
  }

  #wait(): number {
    return Math.min((this.#options.retryMs ?? 2000) * 2 ** Math.max(this.#failures - 1, 0), LONGEST_RETRY_MS);
  }

  #tell(state: SaveState): void {
    this.#state = state.state;
    this.#options.onChange(state);
  }
}
