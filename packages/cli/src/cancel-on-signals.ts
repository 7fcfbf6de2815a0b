/** Ctrl+C cancels the work; a second one ends the program. */
export function cancelOnSignals(): { controller: AbortController; release: () => void } {
  const controller = new AbortController();
  const cancel = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  return { controller, release: () => void process.off('SIGINT', cancel).off('SIGTERM', cancel) };
}
