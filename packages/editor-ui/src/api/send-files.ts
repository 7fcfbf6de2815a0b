import type { Client } from '@imaginarium/client';
import { type FileRef, fileRefOf } from '@imaginarium/protocol';

/** Files uploaded at the same time: more would only share the same line. */
const AT_ONCE = 3;

/** What becomes of each file that is sent. */
export interface SendFilesOptions<Job> {
  /** @param share how much of it is sent, 0 to 1. */
  onProgress(job: Job, share: number): void;
  /** A file that throws here did not arrive. */
  onArrived(job: Job, file: FileRef): unknown;
  onFailed(job: Job, why: string): void;
}

/** Uploads files, each with its own progress and its own end: one that fails takes none of the others along. Resolves when all have ended. */
export async function sendFiles<Job extends { file: File }>(
  client: Pick<Client, 'uploadFile'>,
  jobs: Iterable<Job>,
  { onProgress, onArrived, onFailed }: SendFilesOptions<Job>,
): Promise<void> {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const sent = job;
      const { name } = sent.file;
      try {
        const stored = await client.uploadFile(sent.file, {
          name,
          onProgress: ({ sentBytes, totalBytes }) => onProgress(sent, sentBytes / (totalBytes || 1)),
        });
        // Equal bytes are stored once, under the name they first came with; a person knows this file by its own.
        await onArrived(sent, { ...fileRefOf(stored), name });
      } catch (error) {
        onFailed(sent, error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
}
