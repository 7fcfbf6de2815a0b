import { useState } from 'react';
import { useRegisterAsset } from '../api/assets.ts';
import { client } from '../api/client.ts';

/** Pictures uploaded at the same time: more would only share the same line. */
const AT_ONCE = 3;

/** A picture on its way. */
export interface AssetUpload {
  key: number;
  name: string;
  /** From 0 to 1. */
  progress: number;
  /** Why it did not arrive. */
  error?: string;
}

let count = 0;

/** Uploads pictures and makes assets of them, each with its own progress and its own error. */
export function useAddAssets() {
  const { mutateAsync: register } = useRegisterAsset();
  const [uploads, setUploads] = useState<readonly AssetUpload[]>([]);
  const change = (key: number, part: Partial<AssetUpload>) =>
    setUploads((before) => before.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)));
  const dismiss = (key: number) => setUploads((before) => before.filter((upload) => upload.key !== key));

  const add = async (files: readonly File[]) => {
    const waiting = files.map((file) => ({ key: ++count, file }));
    const begun = waiting.map(({ key, file }) => ({ key, name: file.name, progress: 0 }));
    setUploads((before) => [...before, ...begun]);
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { key, file } = next;
        try {
          const stored = await client.uploadFile(file, {
            name: file.name,
            onProgress: ({ sentBytes, totalBytes }) => change(key, { progress: sentBytes / (totalBytes || 1) }),
          });
          // Equal bytes are stored once, under the name they first came with; a person knows this picture by its own.
          await register({ fileId: stored.id, name: file.name });
          dismiss(key);
        } catch (error) {
          change(key, { error: error instanceof Error ? error.message : String(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
  };
  return { uploads, add, dismiss };
}
