import type { IncomingMessage } from 'node:http';
import helmet from 'helmet';
import { LRUCache } from 'lru-cache';
import { ServerResponse } from '../node-http.ts';

/** Host names whose headers are held on to; a server has a few, and whoever makes more up gains nothing. */
const HOSTS = 100;

/** The headers of a host's answers, by their names in small letters. The same object each time, as long as the host is asked for. */
export type HostHeaders = (req: IncomingMessage) => Map<string, string>;

/** Headers that make a browser keep the editor to its own code and its own server. */
export function securityHeaders(publicUrl: string | null): HostHeaders {
  const make = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'script-src-attr': ["'none'"],
        // Ant Design and React Flow write styles into the page.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'blob:', 'data:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'", (req) => liveAddress(req)],
        'worker-src': ["'self'", 'blob:'],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: publicUrl?.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // Browsers refuse these two, with a warning, on plain http beyond this machine.
    crossOriginOpenerPolicy: publicUrl?.startsWith('https:') ?? false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  const byHost = new LRUCache<string, Map<string, string>>({ max: HOSTS });
  return (req) => {
    const host = req.headers.host ?? '';
    let headers = byHost.get(host);
    if (!headers) {
      headers = headersOf(make, req);
      byHost.set(host, headers);
    }
    return headers;
  };
}

/** What a middleware that only sets headers would set: they depend on nothing but the host, so they need not be made for each answer. */
function headersOf(make: ReturnType<typeof helmet>, req: IncomingMessage): Map<string, string> {
  const made = new ServerResponse(req);
  const fail = (error?: unknown) => {
    if (error) throw error;
  };
  make(req, made, fail);
  return new Map(Object.entries(made.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** The live connection's address, for browsers whose `'self'` leaves web sockets out. */
function liveAddress(req: IncomingMessage): string {
  const host = req.headers.host ?? '';
  return /^[\w.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
