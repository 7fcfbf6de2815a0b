import { ConnectionError, parseJson, readApiError } from './errors.ts';
import { fetchOr } from './send-call.ts';
import { browserXhr, sendByXhr } from './xhr.ts';

/** A file, its bytes, or a stream of them. */
export type UploadContent = Blob | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export interface UploadProgress {
  sentBytes: number;
  /** Absent for a stream, whose length nobody knows before its end. */
  totalBytes?: number;
}

export interface UploadOptions {
  /** What people see it by, with its extension; 1 to 255 characters. */
  name: string;
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
}

/** What a file is sent to: an address, what is asked of it beside the name, and what authorises the call. */
export interface UploadTarget {
  url: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
}

/**
 * Sends bytes to an address of the API that takes them. A browser's fetch tells nothing of an upload's progress, so there XMLHttpRequest sends
 * files and byte arrays; streams, and everything in Node, go by fetch.
 */
export async function upload<Answer>(
  send: typeof fetch,
  { url, query = {}, headers }: UploadTarget,
  content: UploadContent,
  options: UploadOptions,
): Promise<Answer> {
  options.signal?.throwIfAborted();
  const address = `${url}?${new URLSearchParams({ name: options.name, ...query })}`;
  const allHeaders = { accept: 'application/json', 'content-type': 'application/octet-stream', ...headers };
  const whole = content instanceof Blob || content instanceof Uint8Array;
  const xhr = whole ? browserXhr() : undefined;
  const { status, text } =
    xhr && whole
      ? await sendByXhr(xhr, address, allHeaders, content, options)
      : await sendByFetch(send, address, allHeaders, content, options);
  if (status < 200 || status > 299) throw readApiError(status, text);
  const answer = parseJson(text);
  if (answer === undefined) throw readApiError(status, text);
  return answer as Answer; // The server checked it against the same schema.
}

async function sendByFetch(
  send: typeof fetch,
  url: string,
  headers: Record<string, string>,
  content: UploadContent,
  { onProgress, signal }: UploadOptions,
): Promise<{ status: number; text: string }> {
  const body =
    onProgress || !(content instanceof Blob || content instanceof Uint8Array) ? counted(content, onProgress) : content;
  // `duplex` is what fetch asks of a body that streams; the DOM's types do not know it.
  const init = { method: 'POST', headers, body, duplex: 'half', ...(signal ? { signal } : {}) } as RequestInit;
  const response = await fetchOr(send, url, init);
  try {
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new ConnectionError(url, error);
  }
}

/** The content as a stream that says how many of its bytes have been taken. */
function counted(content: UploadContent, onProgress: UploadOptions['onProgress']): ReadableStream<Uint8Array> {
  const totalBytes =
    content instanceof Blob ? content.size : content instanceof Uint8Array ? content.byteLength : undefined;
  const chunks = chunksOf(content)[Symbol.asyncIterator]();
  let sentBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) return controller.close();
      sentBytes += next.value.byteLength;
      controller.enqueue(next.value);
      onProgress?.(totalBytes === undefined ? { sentBytes } : { sentBytes, totalBytes });
    },
    async cancel() {
      await chunks.return?.(undefined);
    },
  });
}

/** Pieces this large keep progress moving without a call for every packet. */
const CHUNK_BYTES = 256 * 1024;

async function* chunksOf(content: UploadContent): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) {
    for (let start = 0; start < content.byteLength; start += CHUNK_BYTES)
      yield content.subarray(start, start + CHUNK_BYTES);
  } else if (content instanceof Blob) {
    for (let start = 0; start < content.size; start += CHUNK_BYTES) {
      yield new Uint8Array(await content.slice(start, start + CHUNK_BYTES).arrayBuffer());
    }
  } else if (Symbol.asyncIterator in content) {
    yield* content;
  } else {
    const reader: ReadableStreamDefaultReader<Uint8Array> = (content as ReadableStream<Uint8Array>).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  }
}
