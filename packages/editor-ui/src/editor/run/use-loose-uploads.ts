import { fileRefOf, type Json, type ParamSpec } from '@imaginarium/protocol';
import { useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { randomId } from '../document/ids.ts';
import type { AssetUploads } from '../inspector/fields/field.ts';
import { filesIn, type UploadView } from '../store/upload-slice.ts';

/** Uploads for a value that belongs to no node: what a run is asked with. */
export function useLooseUploads(
  spec: ParamSpec,
  value: Json,
  onChange: (value: Json | undefined) => void,
): AssetUploads {
  const [uploads, setUploads] = useState<readonly UploadView[]>([]);
  const held = useRef(filesIn(value));
  held.current = filesIn(value);
  const multiple = spec.kind === 'asset' && (spec.multiple ?? false);
  const change = (id: string, part: Partial<UploadView>) =>
    setUploads((now) => now.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
  const dismiss = (id: string) => setUploads((now) => now.filter((upload) => upload.id !== id));

  const send = async (file: File) => {
    const id = randomId();
    setUploads((now) => [...now, { id, node: '', param: '', name: file.name, progress: 0 }]);
    try {
      const stored = await client.uploadFile(file, {
        name: file.name,
        onProgress: ({ sentBytes, totalBytes }) => change(id, { progress: sentBytes / (totalBytes || 1) }),
      });
      const ref = { ...fileRefOf(stored), name: file.name };
      held.current = multiple ? [...held.current, ref] : [ref];
      onChange((multiple ? held.current : ref) as unknown as Json); // File references are plain data.
      dismiss(id);
    } catch (error) {
      change(id, { error: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    uploads,
    addFiles: async (files) => {
      // One after another, so that they keep the order they were chosen in.
      for (const file of multiple ? files : files.slice(0, 1)) await send(file);
    },
    dismiss,
  };
}
