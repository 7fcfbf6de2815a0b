import type { HttpAnswer, HttpRequest } from '@imaginarium/node-sdk';

/** Calls services for nodes. */
export interface HttpClient {
  /**
   * Sends a request on behalf of a workspace: what one makes fail does not keep others from trying.
   * @throws as `NodeHttp.fetch` says; the signal's reason when it was aborted.
   */
  fetch(workspaceId: string, url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}
