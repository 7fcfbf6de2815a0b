import { createHmac, hash, randomBytes } from 'node:crypto';

/**
 * Makes what webhooks are known by. Paths and signing keys follow from a secret of the server, so that a copy of the database gives
 * nobody the right to start runs, and a workflow's next version keeps its addresses.
 */
export class HookTokens {
  readonly #secret: string;

  /** @param secret of at least 32 characters, the same in all servers on one database. */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The token of a webhook node: 256 bits, the same for every version. */
  of(place: { workspaceId: string; workflowId: string; node: string }): string {
    return this.#derive('path', `${place.workspaceId}:${place.workflowId}:${place.node}`).toString('base64url');
  }

  /** A token that nothing follows from. */
  fresh(): string {
    return randomBytes(32).toString('base64url');
  }

  /** The key that requests to this token are signed with, as its bytes. */
  signingKey(token: string): Buffer {
    return this.#derive('sign', token);
  }

  /** The key that a workspace's own webhooks to other applications are signed with, as its bytes. */
  workspaceKey(workspaceId: string): Buffer {
    return this.#derive('tell', workspaceId);
  }

  #derive(purpose: string, subject: string): Buffer {
    return createHmac('sha256', this.#secret).update(`imaginarium webhook ${purpose}\n${subject}`).digest();
  }
}

/** What a token is stored and looked up as. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** A signing key as people copy it. */
export function shownKey(key: Buffer): string {
  return `whsec_${key.toString('base64')}`;
}
