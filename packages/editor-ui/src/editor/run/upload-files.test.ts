import type { UploadContent, UploadOptions } from '@imaginarium/client';
import type { StoredFile } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { filesIn } from '../store/upload-slice.ts';
import { aStore } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { uploadFiles } from './upload-files.ts';

/** Answers the later files first, and refuses those called bad. */
const client = {
  uploadFile: async (_content: UploadContent, { name }: UploadOptions): Promise<StoredFile> => {
    const place = Number(name.slice(0, 1));
    await new Promise((resolve) => setTimeout(resolve, (4 - place) * 10));
    if (name.includes('bad')) throw new Error(`${name} is no picture.`);
    return {
      id: String(place).repeat(64),
      kind: 'image',
      mime: 'image/png',
      bytes: 1,
      name,
      createdAt: '2026-11-21T12:04:00.000Z',
    };
  },
};
const files = (...names: string[]) => names.map((name) => new File(['x'], name));
const target = { node: 'photo', param: 'images', multiple: true };

describe('uploading files into a node', () => {
  it('puts them in the order they were given, leaves out and names those that fail, as one step of the history', async () => {
    const store = aStore(aGraph({ photo: 'input.image' }));
    await uploadFiles(client, store, target, files('1.png', '2-bad.png', '3.png'));
    const { graph, uploads, history, undo } = store.getState();
    expect(filesIn(graph.nodes[0]?.params.images).map((file) => file.name)).toEqual(['1.png', '3.png']);
    expect(uploads).toMatchObject([{ name: '2-bad.png', error: '2-bad.png is no picture.' }]);
    expect(history.past).toHaveLength(1);
    undo();
    expect(store.getState().graph.nodes[0]?.params).toEqual({});
  });

  it('takes one file where the param holds one', async () => {
    const store = aStore(aGraph({ photo: 'input.image' }));
    await uploadFiles(client, store, { ...target, multiple: false }, files('1.png', '2.png'));
    expect(filesIn(store.getState().graph.nodes[0]?.params.images)).toHaveLength(1);
  });
});
