import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Makes the tokens of addresses at which a wait is answered from outside. They follow from a secret of the server and are stored nowhere,
 * so that a copy of the database answers nothing.
 */
export class WaitTokens {
  readonly #secret: string;

  /** @param secret of at least 32 characters, the same in all servers on one database. */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The token of a wait: its id, and 256 bits that nobody else can make. */
  of(waitId: string): string {
    return `${waitId}.${this.#sign(waitId).toString('base64url')}`;
  }

  /** The wait that a token is for; undefined when it is none of ours. */
  read(token: string): string | undefined {
    const [waitId = '', signature = ''] = token.split('.', 2);
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#sign(waitId);
    return given.length === expected.length && timingSafeEqual(given, expected) ? waitId : undefined;
  }

  #sign(waitId: string): Buffer {
    return createHmac('sha256', this.#secret).update(`imaginarium wait\n${waitId}`).digest();
  }
}
