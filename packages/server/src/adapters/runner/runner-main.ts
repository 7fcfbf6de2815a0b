import { setFlagsFromString } from 'node:v8';
import type { FromRunner, ToRunner } from './messages.ts';
import { LATE_COMPILER } from './runner-v8-flags.ts';
import { Sandbox, SandboxError } from './sandbox.ts';

// The runner process: evaluates the code of one workspace at a time inside an isolate. Started by `RunnerProcess` with no environment, an empty
// folder and no right to files, network or further processes; killed from outside when it takes too long or too much.

setFlagsFromString(LATE_COMPILER);

const send = (message: FromRunner) => process.send?.(message);
let sandbox: Sandbox | undefined;

process.on('message', (request: ToRunner) => {
  try {
    send({ type: 'done', text: sandboxFor(request).run(request) });
    setImmediate(() => sandboxFor(request).prepare());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({
      type: 'failed',
      why: error instanceof SandboxError ? error.why : 'broken',
      message: message.slice(0, 2000),
    });
  }
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });

/** An isolate is never handed from one workspace to another. */
function sandboxFor({ workspaceId, memoryMb }: ToRunner): Sandbox {
  if (sandbox?.isUsable && sandbox.workspaceId === workspaceId) return sandbox;
  sandbox?.dispose();
  sandbox = new Sandbox(workspaceId, memoryMb);
  return sandbox;
}
