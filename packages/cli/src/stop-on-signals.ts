/** How long runs at work may go on after the process was asked to stop. */
export const GRACE_MS = 10_000;

/** Ends the process in order at the first signal, and at once at the second. */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    console.log('\nStopping: runs at work are given a moment to end. Press Ctrl+C again to stop at once.');
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void onSignal());
}
