import { LocalExecutor, loadPackages, NodeRegistry } from '@imaginarium/engine';
import { type ModelKit, type NodeCode, NonRetryableError } from '@imaginarium/node-sdk';
import { AskedHttp } from './asked-http.ts';
import { toErrorMessage } from './error-message.ts';
import { MediaFiles } from './media-files.ts';
import type { FromMedia, ToMedia } from './messages.ts';
import { Questions } from './questions.ts';

// The media process: executes one heavy node at a time, and is killed to cancel it. Started by `MediaProcess` with the folders of the node
// packages and their entries as its argument; everything else comes over the channel.

const send = (message: FromMedia) => process.send?.(message);
const packages: { folder: string; entry: string }[] = JSON.parse(process.argv[2] ?? '[]');
const entries = new Map(packages.map(({ folder, entry }) => [folder, entry]));
const registry = new NodeRegistry();
await loadPackages(registry, [...entries.keys()], (folder, entry) => entries.get(folder) ?? entry);
const executor = new LocalExecutor(registry);
const questions = new Questions(send);
const files = new MediaFiles(questions, send);
// The worker calls services: it knows what may be called.
const http = new AskedHttp(questions);

process.on('message', (message: ToMedia) => {
  if (message.type === 'answer') {
    questions.settle(message);
    return;
  }
  perform(message).then(
    (value) => send({ type: 'done', value }),
    (error: unknown) => send({ type: 'failed', error: toErrorMessage(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });

/** Code that people wrote runs in runner processes, which a media process does not reach. */
const noCode: NodeCode = {
  run: () =>
    Promise.reject(new NonRetryableError('A node of the pool media cannot run code: leave its resources out.')),
};

async function perform(message: Exclude<ToMedia, { type: 'answer' }>) {
  if (message.type === 'execute') {
    const host = {
      ...{ files, http, code: noCode },
      progress: (share: number, text?: string) => send({ type: 'progress', share, ...(text ? { message: text } : {}) }),
      log: files.log,
    };
    return executor.execute(message.task, host, new AbortController().signal);
  }
  if (message.type === 'examine-model') return kitOf(message.packageName).examine(message.request);
  if (message.type === 'measure-model') return kitOf(message.packageName).measure(message.model);
  if (message.type === 'tiles') return (await import('./cut-tiles.ts')).cutTiles(message);
  const { inspectPicture, makeThumbnail } = await import('./picture.ts');
  if (message.type === 'inspect') return inspectPicture(message.path, message.name, message.pixelLimit);
  await makeThumbnail(message);
  return null;
}

function kitOf(packageName: string): ModelKit {
  const found = registry.models().find((entry) => entry.packageName === packageName);
  if (found) return found.kit;
  throw new NonRetryableError(`The node package ${packageName} could not be loaded, so its models cannot be used.`);
}
