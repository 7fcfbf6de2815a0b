/** The hosts that each package was granted, by its name. */
export type GrantedHosts = ReadonlyMap<string, readonly string[]>;

/** What a manifest asks for, as it was read: nothing of it is believed. */
interface Wishes {
  net: readonly string[];
  fs: readonly string[];
  exec: readonly string[];
}

/**
 * The hosts that a package asks for, when it was granted all of them: what was granted without being asked for stays closed.
 * @returns them as `URL.host` writes them.
 * @throws {Error} that says what is missing, for a package is not loaded with less than it needs.
 */
export function hostsFor(name: string, { net, fs, exec }: Wishes, granted: GrantedHosts): string[] {
  const never = Object.entries({ fs, exec }).filter(([, wanted]) => wanted.length > 0);
  if (never.length > 0) {
    const told = never.map(([what, wanted]) => `${what} ${wanted.join(', ')}`).join('; ');
    throw new Error(
      `It asks for ${told}, which no confined package gets. If you trust it, name it in IMAGINARIUM_NODE_PACKAGES instead.`,
    );
  }
  const hosts = net.map((wish) => {
    const host = hostIn(wish);
    if (host === undefined)
      throw new Error(
        `imaginarium.permissions.net: expected hosts such as api.acme.com or api.acme.com:8443, received ${JSON.stringify(wish)}.`,
      );
    return host;
  });
  const own = new Set(granted.get(name)?.map((host) => hostIn(host)));
  const missing = hosts.filter((host) => !own.has(host));
  if (missing.length === 0) return hosts;
  const remedy = missing.map((host) => `${name}:${host}`).join(',');
  throw new Error(
    `It asks to call ${missing.join(', ')}, which it was not granted. To grant it, add ${remedy} to IMAGINARIUM_CONFINED_NET.`,
  );
}

/** A host as `URL.host` writes it: in lower case, with its port where that is not the usual one. Undefined for what is none. */
export function hostIn(text: string): string | undefined {
  if (!/^[^\s/?#@\\*]+$/.test(text)) return undefined;
  const url = URL.parse(`https://${text}`);
  return url && url.pathname === '/' && url.host !== '' ? url.host : undefined;
}
