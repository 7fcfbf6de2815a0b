import { ERRORS, type ErrorCode, LIVE, type RunEvent, type WatchAnswer, type WatchRun } from '@imaginarium/protocol';
import { io, type Socket } from 'socket.io-client';
import { ApiError } from './errors.ts';
import { EventSequence } from './event-sequence.ts';

/** `idle`: nothing is watched. `connecting`: the line is not there yet, or was lost and is being made again. */
export type ConnectionState = 'idle' | 'connecting' | 'connected';

export interface WatchOptions {
  /** Called once when the server refuses to show the run; no events follow. */
  onRefused?: (error: ApiError) => void;
}

export interface LiveConnectionOptions {
  /** The server's origin; empty for the page's own. */
  url: string;
  apiKey: string | undefined;
  /** The events of a run after a number, to fill what the line missed. */
  listEvents: (runId: string, after: number, signal: AbortSignal) => Promise<RunEvent[]>;
}

interface Watch {
  runId: string;
  sequence: EventSequence;
  onRefused: WatchOptions['onRefused'];
}

type LiveSocket = Socket<
  {
    [LIVE.events]: (events: RunEvent[]) => void;
    [LIVE.nodeTypes]: () => void;
    [LIVE.unread]: (unread: number) => void;
    [LIVE.assets]: () => void;
  },
  {
    [LIVE.watch]: (watch: WatchRun, answer: (answer: WatchAnswer) => void) => void;
    [LIVE.unwatch]: (run: { runId: string }) => void;
    [LIVE.watchUnread]: () => void;
    [LIVE.watchAssets]: () => void;
  }
>;

/** One Socket.IO line to the server, shared by everything that watches; open only while something does. */
export class LiveConnection {
  #socket: LiveSocket | undefined;
  #state: ConnectionState = 'idle';
  readonly #watches = new Set<Watch>();
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #typeListeners = new Set<() => void>();
  readonly #unreadListeners = new Set<(unread: number) => void>();
  readonly #assetListeners = new Set<() => void>();
  readonly #options: LiveConnectionOptions;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Tells each change of the line. @returns the function that stops it. */
  onStateChange(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Follows a run: `onEvents` gets its events after number `after`, in order, each once, without gaps, through any number of
   * lost lines. Watch from 0 to hear it from the beginning, from a run's `lastSeq` to go on from what was fetched.
   * @returns the function that stops it.
   */
  watchRun(
    runId: string,
    after: number,
    onEvents: (events: RunEvent[]) => void,
    { onRefused }: WatchOptions = {},
  ): () => void {
    const { listEvents } = this.#options;
    const sequence = new EventSequence(after, onEvents, (from, signal) => listEvents(runId, from, signal));
    const watch: Watch = { runId, sequence, onRefused };
    this.#watches.add(watch);
    this.#socket ??= this.#open();
    if (this.#socket.connected) this.#ask(this.#socket, watch);
    return () => this.#drop(watch);
  }

  /**
   * Tells each time when node types have changed on the server, and when they may have while the line was lost. Only a server with a
   * package under development says so; the line stays open meanwhile.
   * @returns the function that stops it.
   */
  onNodeTypes(listener: () => void): () => void {
    this.#typeListeners.add(listener);
    this.#socket ??= this.#open();
    return () => {
      this.#typeListeners.delete(listener);
      this.#closeIfIdle();
    };
  }

  /**
   * Tells how much the person was told and has not read: now, each time it changes, and again when a lost line is back.
   * @returns the function that stops it.
   */
  onUnread(listener: (unread: number) => void): () => void {
    this.#unreadListeners.add(listener);
    this.#socket ??= this.#open();
    if (this.#socket.connected) this.#socket.emit(LIVE.watchUnread);
    return () => {
      this.#unreadListeners.delete(listener);
      this.#closeIfIdle();
    };
  }

  /**
   * Tells each time something of the workspace's assets has changed, and when it may have: now, and when a lost line is back.
   * @returns the function that stops it.
   */
  onAssets(listener: () => void): () => void {
    this.#assetListeners.add(listener);
    this.#socket ??= this.#open();
    if (this.#socket.connected) this.#socket.emit(LIVE.watchAssets);
    return () => {
      this.#assetListeners.delete(listener);
      this.#closeIfIdle();
    };
  }

  #open(): LiveSocket {
    this.#setState('connecting');
    const socket: LiveSocket = io(this.#options.url || undefined, {
      auth: this.#options.apiKey === undefined ? {} : { apiKey: this.#options.apiKey },
      reconnectionDelay: 250,
      reconnectionDelayMax: 5000,
      // A line of its own: another client in the same process may speak for another account.
      forceNew: true,
    });
    socket.on('connect', () => {
      this.#setState('connected');
      for (const watch of this.#watches) this.#ask(socket, watch);
      for (const listener of this.#typeListeners) listener();
      if (this.#unreadListeners.size > 0) socket.emit(LIVE.watchUnread);
      if (this.#assetListeners.size > 0) socket.emit(LIVE.watchAssets);
    });
    socket.on(LIVE.unread, (unread) => {
      for (const listener of this.#unreadListeners) listener(unread);
    });
    socket.on(LIVE.assets, () => {
      for (const listener of this.#assetListeners) listener();
    });
    socket.on(LIVE.nodeTypes, () => {
      for (const listener of this.#typeListeners) listener();
    });
    socket.on('disconnect', (reason) => {
      if (this.#socket !== socket) return;
      this.#setState('connecting');
      // Socket.IO itself only comes back from a broken line, not from a server that said goodbye.
      if (reason === 'io server disconnect') setTimeout(() => this.#socket === socket && socket.connect(), 1000);
    });
    socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => {
      // Still active: no line, and Socket.IO goes on trying. Not active: the server refused who asks, and trying ends.
      if (socket.active || this.#socket !== socket) return;
      const code = (error.data?.code ?? 'not-signed-in') as ApiError['code'];
      for (const watch of this.#watches) this.#refuse(watch, { code, message: error.message });
    });
    socket.on(LIVE.events, (events) => {
      const runId = events[0]?.runId;
      for (const watch of this.#watches) if (watch.runId === runId) watch.sequence.receive(events);
    });
    return socket;
  }

  #ask(socket: LiveSocket, watch: Watch): void {
    socket.emit(LIVE.watch, { runId: watch.runId, after: watch.sequence.last }, (answer) => {
      if (!answer.ok) this.#refuse(watch, answer.error);
    });
  }

  #refuse(watch: Watch, { code, message }: { code: string; message: string }): void {
    if (!this.#watches.has(watch)) return;
    this.#drop(watch);
    const known = code as ErrorCode; // The server refuses with the codes of the protocol.
    watch.onRefused?.(new ApiError(ERRORS[known]?.status ?? 0, { code: known, message, requestId: '' }));
  }

  #drop(watch: Watch): void {
    if (!this.#watches.delete(watch)) return;
    watch.sequence.stop();
    const stillWatched = [...this.#watches].some(({ runId }) => runId === watch.runId);
    if (this.#socket?.connected && !stillWatched) this.#socket.emit(LIVE.unwatch, { runId: watch.runId });
    this.#closeIfIdle();
  }

  #closeIfIdle(): void {
    const listeners = [this.#typeListeners, this.#unreadListeners, this.#assetListeners];
    if (this.#watches.size > 0 || listeners.some(({ size }) => size > 0)) return;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.disconnect();
    this.#setState('idle');
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
