import type { HttpAnswer, HttpRequest, NodeHttp } from '@imaginarium/node-sdk';
import { type AnswerMessage, fromAnswerMessage, toRequestMessage } from './http-messages.ts';
import type { Questions } from './questions.ts';

/** The way to services of a node inside a child process: the server calls them for it. */
export class AskedHttp implements NodeHttp {
  readonly #questions: Questions;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  async fetch(url: string, request: HttpRequest = {}): Promise<HttpAnswer> {
    const question = { method: 'fetch', url: String(url), request: toRequestMessage(request) } as const;
    return fromAnswerMessage(await this.#questions.ask<AnswerMessage>(question));
  }
}
