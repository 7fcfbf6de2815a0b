import type { Client } from '@imaginarium/client';
import { type FileKind, type FileRef, fileRefOf, type NodeDescription } from '@imaginarium/protocol';
import { randomId } from '../document/ids.ts';
import type { EditorStore } from '../store/editor-store.ts';

/** Files uploaded at the same time: more would only share the same line. */
const AT_ONCE = 3;

export interface UploadTarget {
  node: string;
  param: string;
  /** Whether the param takes several files; else the first one is taken. */
  multiple: boolean;
}

/**
 * Uploads files into an asset param, each with its own progress and its own error. Those that arrive are put behind one another
 * in the order they were given, whichever came first.
 */
export async function uploadFiles(
  client: Pick<Client, 'uploadFile'>,
  store: EditorStore,
  target: UploadTarget,
  files: readonly File[],
): Promise<void> {
  const { node, param } = target;
  const batch = randomId();
  const jobs = (target.multiple ? files : files.slice(0, 1)).map((file) => ({ id: randomId(), file }));
  const { addUploads, changeUpload, dropUpload, fillParam } = store.getState();
  addUploads(jobs.map(({ id, file }) => ({ id, node, param, name: file.name, progress: 0 })));

  const results: (FileRef | null | undefined)[] = jobs.map(() => undefined);
  let placed = 0;
  const settle = (index: number, result: FileRef | null) => {
    results[index] = result;
    const ready: FileRef[] = [];
    for (let next = results[placed]; next !== undefined; next = results[++placed]) if (next) ready.push(next);
    fillParam(node, param, ready, batch);
  };

  const waiting = [...jobs.entries()];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const [index, { id, file }] = job;
      try {
        const stored = await client.uploadFile(file, {
          name: file.name,
          onProgress: ({ sentBytes, totalBytes }) => changeUpload(id, { progress: sentBytes / (totalBytes || 1) }),
        });
        dropUpload(id);
        // Equal bytes are stored once, under the name they first came with; a person knows this file by its own.
        settle(index, { ...fileRefOf(stored), name: file.name });
      } catch (error) {
        changeUpload(id, { error: error instanceof Error ? error.message : String(error) });
        settle(index, null);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, jobs.length) }, work));
}

/** The asset param of a node type that takes files of a kind; undefined when none does. */
export function assetParamFor(description: NodeDescription, kind: FileKind): string | undefined {
  return Object.entries(description.params).find(
    ([, spec]) => spec.kind === 'asset' && spec.accept.includes(kind),
  )?.[0];
}

/** What kind of file a browser says it is; the server looks into the bytes itself. */
export function kindOfFile(file: { type: string }): FileKind {
  const [kind] = file.type.split('/');
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
}
