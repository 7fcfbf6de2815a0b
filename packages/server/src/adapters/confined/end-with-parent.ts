import { Worker } from 'node:worker_threads';

const WATCH = `const parent = process.ppid;
setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 1000);`;

/**
 * Ends this process within a second or so of the one that started it. Code that loops hears nothing of a server that was killed, and would
 * use a processor for ever: a thread looks out instead.
 */
export function endWithParent(): void {
  new Worker(WATCH, { eval: true }).unref();
}
