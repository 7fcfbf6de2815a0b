import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of the app under test. */
export interface Answer {
  status: number;
  ok: boolean;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The parsed JSON, or undefined for anything else. Tests read it as they expect it to be. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test itself.
  body: any;
}

/** Sends one request to an app that listens nowhere else, with exactly these headers. */
export async function send(
  app: RequestListener,
  request: { method: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await exchange((server.address() as AddressInfo).port, request);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function exchange(
  port: number,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, method, path, headers: headers ?? {} }, async (res) => {
      const bytes = Buffer.concat(await Array.fromAsync(res as AsyncIterable<Buffer>));
      const status = res.statusCode ?? 0;
      const text = bytes.toString();
      const isJson = res.headers['content-type']?.startsWith('application/json') && text !== '';
      const parsed: unknown = isJson ? JSON.parse(text) : undefined;
      resolve({ status, ok: status < 400, headers: res.headers, bytes, text, body: parsed });
    });
    req.on('error', reject);
    req.end(body);
  });
}
