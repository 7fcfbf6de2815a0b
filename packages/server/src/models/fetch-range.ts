import type { Agent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Agent as HttpAgent, request as httpRequest } from '../node-http.ts';

const MOST_REDIRECTS = 5;
/** No byte for so long ends a request. */
const STALLED_MS = 30_000;

export interface RangeRequest {
  url: string;
  /** The byte to begin at. */
  from: number;
  /** A proxy to go through, such as `http://proxy:3128`; null to go straight. */
  proxyUrl: string | null;
  signal: AbortSignal;
}

/**
 * Asks for a file from a byte on, following redirects.
 * @returns the answer, whatever its status, with its body still to be read.
 * @throws {Error} when nobody answers, when it is sent on for ever, or from https to http.
 */
export async function fetchRange({ url, from, proxyUrl, signal }: RangeRequest): Promise<IncomingMessage> {
  const env = proxyUrl === null ? undefined : { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl };
  const options = env ? { proxyEnv: env } : {};
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  let at = new URL(url);
  for (let sent = 0; sent <= MOST_REDIRECTS; sent++) {
    const response = await ask(at, from, agents[at.protocol as keyof typeof agents], signal);
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.resume();
    const next = new URL(location, at);
    if (next.protocol !== at.protocol && next.protocol !== 'https:')
      throw new Error(`${at.host} sends on to ${next.protocol}//${next.host}, which is less safe than asked for`);
    at = next;
  }
  throw new Error(`${new URL(url).host} sent on more than ${MOST_REDIRECTS} times`);
}

function ask(url: URL, from: number, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      'user-agent': 'imaginarium',
      'accept-encoding': 'identity',
      ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    };
    const req = send(url, { agent, headers, signal, timeout: STALLED_MS }, resolve);
    req.once('timeout', () => req.destroy(new Error(`${url.host} sent nothing for ${STALLED_MS / 1000} s`)));
    req.once('error', reject);
    req.end();
  });
}
