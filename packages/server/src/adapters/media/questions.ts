import { fromErrorMessage } from './error-message.ts';
import type { FromMedia, Question, ToMedia } from './messages.ts';

/** Asks the server from inside a child process, and takes its answers. */
export class Questions {
  readonly #send: (message: FromMedia) => void;
  readonly #asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #calls = 0;

  constructor(send: (message: FromMedia) => void) {
    this.#send = send;
  }

  /** @throws the error that the server answers with, of the class it had there. */
  ask<Answer>(question: Question): Promise<Answer> {
    const call = ++this.#calls;
    return new Promise<Answer>((resolve, reject) => {
      // The server answers each method with what it promises.
      this.#asked.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: 'ask', call, ...question });
    });
  }

  /** Takes the server's answer to a question. */
  settle({ call, value, error }: Extract<ToMedia, { type: 'answer' }>): void {
    const asked = this.#asked.get(call);
    this.#asked.delete(call);
    if (error) asked?.reject(fromErrorMessage(error));
    else asked?.resolve(value);
  }
}
