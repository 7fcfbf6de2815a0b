import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileHint, NodeFiles, NodeLog } from '@imaginarium/node-sdk';
import type { FileRef, JsonObject, LogLevel } from '@imaginarium/protocol';
import type { FromMedia } from './messages.ts';
import type { Questions } from './questions.ts';

/** The files of a node inside a media process: asks the server for paths, and reads and writes those itself. */
export class MediaFiles implements NodeFiles {
  readonly #questions: Questions;
  #written = 0;
  readonly log: NodeLog;

  constructor(questions: Questions, send: (message: FromMedia) => void) {
    this.#questions = questions;
    const log = (level: LogLevel) => (message: string, data?: JsonObject) =>
      send({ type: 'log', level, message, ...(data ? { data } : {}) });
    this.log = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  }

  async read(file: FileRef): Promise<Uint8Array> {
    return readFile(await this.path(file));
  }

  async path(file: FileRef): Promise<string> {
    return this.#questions.ask({ method: 'path', file });
  }

  async write(bytes: Uint8Array, hint: FileHint): Promise<FileRef> {
    const path = join(await this.folder(), `written-${++this.#written}`);
    await writeFile(path, bytes);
    return this.adopt(path, hint);
  }

  async adopt(path: string, hint: FileHint): Promise<FileRef> {
    return this.#questions.ask({ method: 'adopt', path, hint });
  }

  async folder(): Promise<string> {
    return this.#questions.ask({ method: 'folder' });
  }

  async lastingFolder(): Promise<string> {
    return this.#questions.ask({ method: 'lastingFolder' });
  }

  async export(file: FileRef, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string> {
    return this.#questions.ask({ method: 'export', file, path, whenTaken });
  }
}
