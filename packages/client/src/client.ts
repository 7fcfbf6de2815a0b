import {
  API_PREFIX,
  type ModelState,
  type Route,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  routes,
  type StoredFile,
} from '@imaginarium/protocol';
import { LiveConnection } from './live.ts';
import { type Call, sendCall } from './send-call.ts';
import { type UploadContent, type UploadOptions, upload } from './upload.ts';

export interface ClientOptions {
  /** Where the server answers, such as `http://127.0.0.1:4680`. Default: the page's own origin (browser only). */
  baseUrl?: string;
  /** An API key; without one the browser's session cookie speaks. */
  apiKey?: string;
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Makes a repeat of the same call answer with the first one's result; honoured by what starts runs. At most 200 characters. */
  idempotencyKey?: string;
  /** Lets a small request outlive the page it was sent from. */
  keepalive?: boolean;
}

type Routes = typeof routes;

/** The routes that speak JSON; those of bytes have calls and addresses of their own below. */
export type JsonRouteName = {
  [Name in RouteName]: Routes[Name] extends { body: 'bytes' } | { response: 'bytes' } ? never : Name;
}[RouteName];

type InputArguments<R extends Route> =
  unknown extends RouteInput<R>
    ? [input?: Record<string, never>, options?: CallOptions]
    : Record<string, never> extends RouteInput<R>
      ? [input?: RouteInput<R>, options?: CallOptions]
      : [input: RouteInput<R>, options?: CallOptions];

/** One server, as calls with types. Make it with `createClient`. */
export interface Client {
  /**
   * Calls a route of the API by its name.
   * @throws ApiError when the server refuses, ConnectionError when no answer comes.
   * @example await client.call('startRun', { params: { id }, body: {} }, { idempotencyKey: crypto.randomUUID() });
   */
  call<Name extends JsonRouteName>(
    name: Name,
    ...args: InputArguments<Routes[Name]>
  ): Promise<RouteOutput<Routes[Name]>>;
  /**
   * Uploads a file as it streams.
   * @throws ApiError when the server refuses it, ConnectionError when the line breaks, the signal's reason when aborted.
   */
  uploadFile(content: UploadContent, options: UploadOptions): Promise<StoredFile>;
  /**
   * Installs a model from an ONNX file; it is examined, tried and measured before the answer comes.
   * @throws ApiError with every reason why it cannot be used; ConnectionError when the line breaks.
   */
  importModel(content: UploadContent, options: UploadOptions & { acceptLicence?: boolean }): Promise<ModelState>;
  /** The address of a file's bytes; `download` asks for an attachment, named `name` when that is given. */
  fileUrl(id: string, options?: { download?: boolean; name?: string }): string;
  /** The address of a small WebP of a picture, at most `size` pixels wide and high. */
  thumbnailUrl(id: string, size?: 160 | 480 | 1600): string;
  /** The address under which the tiles of a picture lie, as a viewer of the Deep Zoom format takes it: `.../tiles/`. */
  tilesUrl(id: string): string;
  /** The live line of events. */
  readonly live: LiveConnection;
}

/** A client of the server at `baseUrl`, in a browser or in Node. Opens no connection before it is used. */
export function createClient(options: ClientOptions = {}): Client {
  const baseUrl = (options.baseUrl ?? '').replace(/\/+$/, '');
  const prefix = baseUrl + API_PREFIX;
  const headers: Record<string, string> = options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {};
  // A browser's fetch must be called on its window, so it is looked up, not kept as a bare function.
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));

  const call = async (name: JsonRouteName, input: Call = {}, callOptions: CallOptions = {}): Promise<unknown> =>
    sendCall(send, prefix, routes[name], input, { ...callOptions, headers });

  const live = new LiveConnection({
    url: baseUrl,
    apiKey: options.apiKey,
    listEvents: async (runId, after, signal) => {
      const answer = await client.call('listRunEvents', { params: { id: runId }, query: { after } }, { signal });
      return answer.events;
    },
  });

  const client: Client = {
    call: call as Client['call'], // The route's own schemas type what goes in and comes out.
    uploadFile: (content, uploadOptions) =>
      upload<StoredFile>(send, { url: `${prefix}/files`, headers }, content, uploadOptions),
    importModel: (content, { acceptLicence = false, ...uploadOptions }) => {
      const query: Record<string, string> = acceptLicence ? { acceptLicence: 'true' } : {};
      return upload<ModelState>(send, { url: `${prefix}/models/import`, query, headers }, content, uploadOptions);
    },
    fileUrl: (id, { download, name } = {}) => {
      const query = new URLSearchParams({ ...(download ? { download: '1' } : {}), ...(name ? { name } : {}) });
      return `${prefix}/files/${id}/content${query.size > 0 ? `?${query}` : ''}`;
    },
    thumbnailUrl: (id, size = 480) => `${prefix}/files/${id}/thumbnail?size=${size}`,
    tilesUrl: (id) => `${prefix}/files/${id}/tiles/`,
    live,
  };
  return client;
}
