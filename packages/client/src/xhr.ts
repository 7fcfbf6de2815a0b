import { ConnectionError } from './errors.ts';
import type { UploadOptions } from './upload.ts';

/** The part of XMLHttpRequest that an upload needs, so that this package also compiles where there is no browser. */
interface Xhr {
  readonly status: number;
  readonly responseText: string;
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob | Uint8Array): void;
  abort(): void;
}
export type XhrConstructor = new () => Xhr;

/** The browser's XMLHttpRequest, or undefined in Node. */
export function browserXhr(): XhrConstructor | undefined {
  return (globalThis as { XMLHttpRequest?: XhrConstructor }).XMLHttpRequest;
}

/** Posts a body and tells its progress. Rejects with the signal's reason when aborted. */
export function sendByXhr(
  Xhr: XhrConstructor,
  url: string,
  headers: Record<string, string>,
  body: Blob | Uint8Array,
  { onProgress, signal }: UploadOptions,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const xhr = new Xhr();
    const abort = () => xhr.abort();
    const end = (settle: () => void) => () => {
      signal?.removeEventListener('abort', abort);
      settle();
    };
    xhr.onload = end(() => resolve({ status: xhr.status, text: xhr.responseText }));
    xhr.onerror = end(() => reject(new ConnectionError(url)));
    xhr.onabort = end(() => reject(signal?.reason ?? new ConnectionError(url)));
    if (onProgress) {
      xhr.upload.onprogress = ({ loaded, total }) => onProgress({ sentBytes: loaded, totalBytes: total });
    }
    signal?.addEventListener('abort', abort);
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.send(body);
  });
}
