import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { AddressRefusedError, type AddressRules } from './address-rules.ts';

/** How long a connection may take to come about, in milliseconds. */
const CONNECT_MS = 10_000;
/** Connections to one service at the same time. */
const CONNECTIONS = 64;

/**
 * What connects to services, and to nothing that the rules refuse. The addresses that were checked are those that are connected to: a
 * name that resolves to something else a moment later makes no difference.
 */
export function guardedAgent(rules: AddressRules): Dispatcher {
  const checked: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [], 0);
      if (!rules.trusts(host) && !addresses.every(({ address }) => rules.allows(address)))
        return done(new AddressRefusedError(host), [], 0);
      if (options.all) return done(null, addresses);
      const [first] = addresses;
      return done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
  const agent = new Agent({ connect: { lookup: checked, timeout: CONNECT_MS }, connections: CONNECTIONS });
  // An address that is written out is never looked up.
  return agent.compose((dispatch) => (options, handler) => {
    const host = new URL(String(options.origin)).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !rules.allows(host)) throw new AddressRefusedError(host);
    return dispatch(options, handler);
  });
}
