import { importNodes, LocalExecutor, NodeRegistry } from '@imaginarium/engine';
import { type NodeCode, NonRetryableError } from '@imaginarium/node-sdk';
import { AskedHttp } from '../media/asked-http.ts';
import { toErrorMessage } from '../media/error-message.ts';
import { MediaFiles } from '../media/media-files.ts';
import { Questions } from '../media/questions.ts';
import { endWithParent } from './end-with-parent.ts';
import type { ToConfined } from './messages.ts';

// A confined process: executes the nodes of one package, one at a time. Started by `ConfinedProcess` with the package's folder and entry, no
// environment, and no right to anything but reading code and a folder of its own. What the package throws while it is loaded ends the process.

endWithParent();
startNoMoreThreads();
const send = (message: object) => process.send?.(message);
const [folder = '', entry = ''] = process.argv.slice(2);
const nodes = await importNodes(folder, entry);
const registry = new NodeRegistry();
registry.add({ name: 'confined', version: '0.0.0' }, nodes);
const executor = new LocalExecutor(registry);
const questions = new Questions(send);
const files = new MediaFiles(questions, send);
const http = new AskedHttp(questions);

const noCode: NodeCode = {
  run: () => Promise.reject(new NonRetryableError('A node of a confined package cannot run code that people wrote.')),
};

process.on('message', (message: ToConfined) => {
  if (message.type === 'answer') {
    questions.settle(message);
    return;
  }
  const progress = (share: number, text?: string) =>
    send({ type: 'progress', share, ...(text ? { message: text } : {}) });
  const host = { files, code: noCode, http, progress, log: files.log };
  const perform = async () => executor.execute(message.task, host, new AbortController().signal);
  perform().then(
    (value) => send({ type: 'done', value }),
    (error: unknown) => send({ type: 'failed', error: toErrorMessage(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready', descriptions: nodes.map(({ description }) => description) });

/** The watching thread is started before any code of the package is there; threads would be free of all walls, so no more can be started. */
function startNoMoreThreads(): void {
  // The types of Node do not know it yet.
  const permission = process.permission as unknown as { drop?(scope: string): void };
  if (!permission.drop) throw new Error('Confined packages need Node 26 or later.');
  permission.drop('worker');
}
