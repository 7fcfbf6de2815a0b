import { lockFile } from '../lock-file.ts';
import { ModelError } from './model-error.ts';

/** Keeps two processes from fetching the same model. @throws {ModelError} `model-busy` when another process is at it. */
export async function lockFor(path: string): Promise<AsyncDisposable> {
  return lockFile(`${path}.lock`, (holder) => {
    if (!holder) return new ModelError('model-busy', `Another process has just begun to fetch this model.`);
    const { host, pid } = holder;
    return new ModelError(
      'model-busy',
      `Another process is fetching this model already (${host}, process ${pid}). Wait for it; if there is none, remove ${path}.lock.`,
    );
  });
}
