import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address that workflows may not call. */
export class AddressRefusedError extends Error {
  constructor(host: string) {
    super(
      `${host} is, or leads to, an address of a private network, which workflows may not call. The owner of the server can allow it with IMAGINARIUM_HTTP_ALLOW.`,
    );
    this.name = 'AddressRefusedError';
  }
}

/** Whether an entry of what is allowed can be read: a name, an address or a range. */
export function isAllowable(entry: string): boolean {
  if (entry.includes('/')) return ipaddr.isValidCIDR(entry);
  return isIP(entry) !== 0 || /^(?=[^.]*[a-z])[\w-]+(\.[\w-]+)*$|^[\w-]+(\.[\w-]+)*\.[a-z][\w-]*$/i.test(entry);
}

/**
 * Says which addresses may be called: public ones, and what is allowed by name (`nas.local`, whatever it resolves to), by address or by
 * range (`10.1.0.0/16`). Loopback, private, link-local, shared, reserved and multicast addresses are not public, in whatever form.
 */
export class AddressRules {
  readonly #hosts: ReadonlySet<string>;
  readonly #ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @throws {Error} for an entry that is no name, address or range. */
  constructor(allowed: readonly string[]) {
    const isRange = (entry: string) => entry.includes('/') || isIP(entry) !== 0;
    this.#ranges = allowed.filter(isRange).map((entry) => {
      const [address, bits] = ipaddr.parseCIDR(
        entry.includes('/') ? entry : `${entry}/${isIP(entry) === 6 ? 128 : 32}`,
      );
      return [address, bits];
    });
    this.#hosts = new Set(allowed.filter((entry) => !isRange(entry)).map((entry) => entry.toLowerCase()));
  }

  /** Whether a host may be called whatever it resolves to. */
  trusts(host: string): boolean {
    return this.#hosts.has(host.toLowerCase().replace(/\.$/, ''));
  }

  /** Whether an address may be called: IPv4 or IPv6, without brackets. */
  allows(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    // An IPv4 address in the clothes of IPv6 is judged as what it is.
    const plain = ipaddr.process(address);
    if (plain.range() === 'unicast') return true;
    return this.#ranges.some(([range, bits]) => plain.kind() === range.kind() && plain.match(range, bits));
  }
}
