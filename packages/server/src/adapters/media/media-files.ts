import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHint, NodeFiles, NodeLog } from '@imaginarium/node-sdk';
import type { FileRef, JsonObject, LogLevel } from '@imaginarium/protocol';
import { fromErrorMessage } from './error-message.ts';
import type { FileRequest, FromMedia, ToMedia } from './messages.ts';

/** The files of a node inside a media process: asks the server for paths, and reads and writes those itself. */
export class MediaFiles implements NodeFiles {
  readonly #send: (message: FromMedia) => void;
  readonly #asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #calls = 0;
  #written = 0;
  readonly log: NodeLog;

  constructor(send: (message: FromMedia) => void) {
    this.#send = send;
    const log = (level: LogLevel) => (message: string, data?: JsonObject) =>
      send({ type: 'log', level, message, ...(data ? { data } : {}) });
    this.log = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  }

  /** Takes the server's answer to a question. */
  settle(answer: Extract<ToMedia, { type: 'answer' }>): void {
    const asked = this.#asked.get(answer.call);
    this.#asked.delete(answer.call);
    if (answer.error) asked?.reject(fromErrorMessage(answer.error));
    else asked?.resolve(answer.value);
  }

  async read(file: FileRef): Promise<Uint8Array> {
    return readFile(await this.path(file));
  }

  async path(file: FileRef): Promise<string> {
    return this.#ask({ method: 'path', file });
  }

  async write(bytes: Uint8Array, hint: FileHint): Promise<FileRef> {
    const path = join(await this.folder(), `written-${++this.#written}`);
    await writeFile(path, bytes);
    return this.adopt(path, hint);
  }

  async adopt(path: string, hint: FileHint): Promise<FileRef> {
    return this.#ask({ method: 'adopt', path, hint });
  }

  async folder(): Promise<string> {
    return this.#ask({ method: 'folder' });
  }

  async lastingFolder(): Promise<string> {
    return this.#ask({ method: 'lastingFolder' });
  }

  async export(file: FileRef, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string> {
    return this.#ask({ method: 'export', file, path, whenTaken });
  }

  #ask<Answer>(request: FileRequest): Promise<Answer> {
    const call = ++this.#calls;
    return new Promise<Answer>((resolve, reject) => {
      // The server answers each method with what it promises.
      this.#asked.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: 'ask', call, ...request });
    });
  }
}
