import type { TestProject } from 'vitest/node';
import { findPostgresBinaries, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The shared PostgreSQL server's connection string; `null` where PostgreSQL is not installed. */
    postgresUrl: string | null;
  }
}

/**
 * One PostgreSQL server for all test files of a project, as vitest's global set-up. A test file gets its address from
 * `inject('postgresUrl')` or from `IMAGINARIUM_TEST_POSTGRES_URL`, which may also be set from outside to use another server.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.IMAGINARIUM_TEST_POSTGRES_URL;
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return undefined;
  }
  if (findPostgresBinaries() === null) {
    project.provide('postgresUrl', null);
    console.warn('PostgreSQL is not installed: the tests that need it are skipped. Debian: apt-get install postgresql');
    return undefined;
  }
  const server = await startPostgres();
  process.env.IMAGINARIUM_TEST_POSTGRES_URL = server.url;
  project.provide('postgresUrl', server.url);
  return async () => {
    delete process.env.IMAGINARIUM_TEST_POSTGRES_URL;
    await server.stop();
  };
}
