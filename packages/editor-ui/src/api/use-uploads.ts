import type { FileRef } from '@imaginarium/protocol';
import { useRef, useState } from 'react';
import { client } from './client.ts';
import { sendFiles } from './send-files.ts';

/** A file on its way. */
export interface Upload {
  id: string;
  name: string;
  /** 0 to 1. */
  progress: number;
  /** Why it did not arrive. */
  error?: string;
}

/**
 * Uploads files, and tells of those on their way and those that did not arrive.
 * @param onArrived what is done with each; a file for which that fails did not arrive.
 */
export function useUploads(onArrived: (file: FileRef) => unknown) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const count = useRef(0);
  const change = (id: string, part: Partial<Upload>) =>
    setUploads((now) => now.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
  const dismiss = (id: string) => setUploads((now) => now.filter((upload) => upload.id !== id));

  /** Resolves when all have arrived or failed. */
  const send = (files: readonly File[]): Promise<void> => {
    const jobs = files.map((file) => ({ id: String(++count.current), file }));
    setUploads((now) => [...now, ...jobs.map(({ id, file }) => ({ id, name: file.name, progress: 0 }))]);
    return sendFiles(client, jobs, {
      onProgress: ({ id }, progress) => change(id, { progress }),
      onArrived: async ({ id }, file) => {
        await onArrived(file);
        dismiss(id);
      },
      onFailed: ({ id }, error) => change(id, { error }),
    });
  };
  return { uploads, send, dismiss };
}
