import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIVE, type RunEvent, type WatchAnswer, type WatchRun } from '@imaginarium/protocol';
import { Server, type Socket } from 'socket.io';

/** What a test server answers a request with. */
export interface Answer {
  status?: number;
  body?: unknown;
  /** Sent as it is, instead of a body of JSON. */
  text?: string;
}

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
}

/** A server on a free port of loopback, with live events, that answers as a test says. */
export async function startServer(answer: (request: Received) => Answer | undefined) {
  const received: Received[] = [];
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The caller hung up.
    }
    const one = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      bytes: Buffer.concat(chunks),
    };
    received.push(one);
    const reply = answer(one);
    if (reply === undefined) return response.destroy();
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
    response.end(reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)));
  });
  const io = new Server(http, { serveClient: false });
  const watches: { socket: Socket; watch: WatchRun }[] = [];
  let admit: (watch: WatchRun) => WatchAnswer = () => ({ ok: true });
  io.on('connection', (socket) => {
    socket.on(LIVE.watch, (watch: WatchRun, reply: (answer: WatchAnswer) => void) => {
      watches.push({ socket, watch });
      reply(admit(watch));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    /** Every request to watch, the latest last. */
    watches,
    refuseWatches: (code: string) => {
      admit = () => ({ ok: false, error: { code, message: 'There is no such run.' } });
    },
    /** Turns away every line that opens from now on. */
    refuseLines: () =>
      io.use((_socket, next) => next(Object.assign(new Error('Sign in.'), { data: { code: 'not-signed-in' } }))),
    send: (events: RunEvent[]) => void io.emit(LIVE.events, events),
    /** Cuts every live line as a broken network does. */
    cutLines: () => {
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
    stop: () => new Promise<void>((resolve) => void io.close(() => resolve())),
  };
}
