const LONGEST_TIMER_MS = 2_147_483_647;

/** Aborts a controller once a time has passed. A timer beyond 24.8 days would fire at once, so a long time is several. @returns what calls it off. */
export function abortAfter(timeoutMs: number, controller: AbortController, reason: () => Error): () => void {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    timer = setTimeout(
      () => {
        if (leftMs > LONGEST_TIMER_MS) wait(leftMs - LONGEST_TIMER_MS);
        else controller.abort(reason());
      },
      Math.min(leftMs, LONGEST_TIMER_MS),
    );
  };
  wait(timeoutMs);
  return () => clearTimeout(timer);
}
