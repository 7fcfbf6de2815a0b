import { connect, type Socket } from 'node:net';

/** What a load came to. */
export interface Load {
  /** Answers with a status below 300, each second. */
  perSecond: number;
  /** Milliseconds from each request to its whole answer. */
  latencies: number[];
  /** Answers with another status. */
  failed: number;
}

export interface LoadOptions {
  url: string;
  /** Sent as JSON with each request. */
  body: object;
  /** Connections, each with one request on its way at a time. */
  atOnce: number;
  forMs: number;
}

/**
 * Asks as fast as answers come, on connections that stay open. It speaks just enough HTTP for servers that say how long their answers
 * are, because it shares the machine with the server that it measures.
 * @throws {Error} when a connection breaks.
 */
export async function postLoad({ url, body, atOnce, forMs }: LoadOptions): Promise<Load> {
  const { hostname, port, pathname } = new URL(url);
  const text = JSON.stringify(body);
  const request = Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  const load: Load = { perSecond: 0, latencies: [], failed: 0 };
  const began = performance.now();
  const until = began + forMs;
  const sockets = Array.from({ length: atOnce }, () => connect({ host: hostname, port: Number(port), noDelay: true }));
  await Promise.all(sockets.map((socket) => repeat(socket, request, until, load)));
  load.perSecond = (1000 * load.latencies.length) / (performance.now() - began);
  return load;
}

/**
 * Asks at fixed times, whatever the answers: a latency counts from when its request was due, so that waiting shows.
 * @throws {Error} when a connection breaks.
 */
export async function postAtPace({
  url,
  body,
  perSecond,
  forMs,
}: Pick<LoadOptions, 'url' | 'body' | 'forMs'> & { perSecond: number }): Promise<Load> {
  const load: Load = { perSecond, latencies: [], failed: 0 };
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Math.floor((perSecond * forMs) / 1000) }, async (_, index) => {
      const dueMs = (index * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, dueMs));
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      await answer.text();
      if (answer.ok) load.latencies.push(performance.now() - began - dueMs);
      else load.failed++;
    }),
  );
  return load;
}

function repeat(socket: Socket, request: Buffer, until: number, load: Load): Promise<void> {
  let askedAt = 0;
  let received: Buffer = Buffer.alloc(0);
  const ask = () => {
    askedAt = performance.now();
    socket.write(request);
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', ask).on('error', reject);
    socket.once('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = wholeAnswer(received);
      if (!answer) return;
      received = Buffer.alloc(0);
      const now = performance.now();
      if (answer.status < 300) load.latencies.push(now - askedAt);
      else load.failed++;
      if (now < until) return ask();
      resolve();
      socket.destroy();
    });
  });
}

/** Undefined until all of it is there. */
function wholeAnswer(bytes: Buffer): { status: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length < end + 4 + length ? undefined : { status: Number(head.slice(9, 12)) };
}
