/** The path to go to after signing in. Only paths of this very origin: an address in a link must not lead astray. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/')) return '/';
  const url = URL.parse(next, window.location.origin);
  return url?.origin === window.location.origin ? url.pathname + url.search : '/';
}
