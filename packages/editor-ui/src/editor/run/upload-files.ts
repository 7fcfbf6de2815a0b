import type { Client } from '@imaginarium/client';
import type { FileKind, FileRef, NodeDescription } from '@imaginarium/protocol';
import { sendFiles } from '../../api/send-files.ts';
import { randomId } from '../document/ids.ts';
import type { EditorStore } from '../store/editor-store.ts';

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
  const jobs = (target.multiple ? files : files.slice(0, 1)).map((file, index) => ({ id: randomId(), index, file }));
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
  await sendFiles(client, jobs, {
    onProgress: ({ id }, progress) => changeUpload(id, { progress }),
    onArrived: ({ id, index }, file) => {
      dropUpload(id);
      settle(index, file);
    },
    onFailed: ({ id, index }, error) => {
      changeUpload(id, { error });
      settle(index, null);
    },
  });
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
