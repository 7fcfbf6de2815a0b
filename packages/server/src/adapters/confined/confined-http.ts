import { Limiter, type TaskHost } from '@imaginarium/engine';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { z } from 'zod';
import {
  type AnswerMessage,
  fromRequestMessage,
  type RequestMessage,
  toAnswerMessage,
} from '../media/http-messages.ts';
import type { ConfinedFiles } from './confined-files.ts';

/** Calls of one task at the same time; more wait. */
const AT_ONCE = 6;
const DAY_MS = 24 * 3_600_000;

const requestSchema = z.strictObject({
  method: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z
    .union([
      z.strictObject({ text: z.string() }),
      z.strictObject({ base64: z.base64() }),
      z.strictObject({ path: z.string() }),
    ])
    .optional(),
  timeoutMs: z.number().min(1).max(DAY_MS).optional(),
  saveTo: z.string().optional(),
});

/** Calls services for the task of a confined process: only hosts that its package was granted, the same guarded way as all others. */
export class ConfinedHttp {
  readonly #http: TaskHost['http'];
  readonly #files: ConfinedFiles;
  readonly #hosts: readonly string[];
  readonly #places = new Limiter(AT_ONCE);
  readonly #end = new AbortController();

  /** @param hosts what it may call, as `URL.host` writes it. */
  constructor({ http }: Pick<TaskHost, 'http'>, files: ConfinedFiles, hosts: readonly string[]) {
    this.#http = http;
    this.#files = files;
    this.#hosts = hosts;
  }

  /** @throws {NonRetryableError} for what it may not call, and what is no request; what the call throws. */
  async answer({ url, request }: { url?: string | undefined; request?: unknown }): Promise<AnswerMessage> {
    if (this.#hosts.length === 0)
      throw new NonRetryableError(
        'A node of a confined package calls no services, unless its package asks for their hosts and is granted them.',
      );
    const parsed = requestSchema.safeParse(request);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new NonRetryableError(`http.fetch: ${issue?.path.join('.') || 'request'}: ${issue?.message}.`);
    }
    const asked = fromRequestMessage(await this.#withOwnFiles(parsed.data as RequestMessage)); // What is left out is not there in JSON.
    const limits = { check: (hop: URL) => this.#check(hop), signal: this.#end.signal };
    return this.#places.run(async () => toAnswerMessage(await this.#http.fetch(url ?? '', asked, limits)));
  }

  /** Calls off what is under way: the task is over. */
  end(): void {
    this.#end.abort(new Error('The node returned before the service had answered.'));
  }

  /** What is sent and saved are files of the task's own folder. */
  async #withOwnFiles(request: RequestMessage): Promise<RequestMessage> {
    const { body, saveTo } = request;
    return {
      ...request,
      ...(body && 'path' in body ? { body: { path: await this.#files.ownFile(body.path) } } : {}),
      ...(saveTo === undefined ? {} : { saveTo: await this.#files.newFile(saveTo) }),
    };
  }

  #check({ host }: URL): void {
    if (this.#hosts.includes(host)) return;
    throw new NonRetryableError(
      `${host} is not among the hosts that this package may call: ${this.#hosts.join(', ')}.`,
    );
  }
}
