/** An abort controller that is aborted with another signal too. */
export interface LinkedStop {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Ends the link. Call it when the work is over: the other signal lives longer. */
  letGo(): void;
}

/** A controller that follows a signal. One made by `AbortSignal.any` costs too much where thousands of calls listen to it. */
export function stopWith(signal: AbortSignal): LinkedStop {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    letGo: () => signal.removeEventListener('abort', follow),
  };
}
