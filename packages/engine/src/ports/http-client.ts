import type { HttpAnswer, HttpRequest } from '@imaginarium/node-sdk';

/** What whoever executes a node says of its calls besides the node. */
export interface CallLimits {
  /** Asked of every address before it is called, those that a service redirects to included. @throws what refuses it. */
  check?(url: URL): void;
  /** Ends the call before the step ends. */
  signal?: AbortSignal;
}

/** Calls services for nodes. */
export interface HttpClient {
  /**
   * Sends a request on behalf of a workspace: what one makes fail does not keep others from trying.
   * @throws as `NodeHttp.fetch` says; what the limits refuse it with; a signal's reason when it was aborted.
   */
  fetch(
    workspaceId: string,
    url: string,
    request: HttpRequest,
    signal: AbortSignal,
    limits?: CallLimits,
  ): Promise<HttpAnswer>;
}

/** The way to services of one task. A node sees it as `NodeHttp`. */
export interface TaskHttp {
  /** @throws as {@link HttpClient.fetch}. */
  fetch(url: string, request?: HttpRequest, limits?: CallLimits): Promise<HttpAnswer>;
}
