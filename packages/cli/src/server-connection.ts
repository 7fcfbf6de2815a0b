import type { Client } from '@imaginarium/client';
import { CliError } from './cli-error.ts';

/** Which server a command speaks to, and what it prints. */
export interface ServerOptions {
  server?: string;
  json?: boolean;
}

/**
 * A client of the server that the options or `IMAGINARIUM_SERVER` name. The API key comes from the environment alone: other users of a
 * machine see the arguments of its processes.
 * @throws {CliError} without a key.
 */
export async function connectTo(
  { server }: ServerOptions,
  { IMAGINARIUM_SERVER: address, IMAGINARIUM_API_KEY: apiKey }: Record<string, string | undefined> = process.env,
): Promise<Client> {
  if (!apiKey)
    throw new CliError(
      'Set IMAGINARIUM_API_KEY to an API key of the server. Make one in the account page of the editor.',
      2,
    );
  // Loaded where it is needed: a server that starts needs none.
  const { createClient } = await import('@imaginarium/client');
  return createClient({ baseUrl: server ?? (address || 'http://127.0.0.1:4680'), apiKey });
}

/** Work with a server. What it refuses, and that it is not there, is told in its words. @throws {CliError} */
export async function withServer(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { ApiError, ConnectionError } = await import('@imaginarium/client');
    if (error instanceof ApiError || error instanceof ConnectionError)
      throw new CliError(error.message, 2, { cause: error });
    throw error;
  }
}
