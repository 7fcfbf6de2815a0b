/**
 * Why a test is left out here, as the end of its name, so that a report says it; nothing where it is not left out. It is the
 * condition too: `test.skipIf(noRedis)(`brings runs${noRedis}`, ...)`.
 * @param isThere what the test needs, or whether it is there.
 * @param reason such as `no redis-server here`.
 */
export function leftOut(isThere: unknown, reason: string): string {
  return isThere ? '' : ` (left out: ${reason})`;
}
