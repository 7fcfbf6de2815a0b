import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Graph, JsonObject, Upscale } from '@imaginarium/protocol';
import { findPostgresBinaries, type PostgresServer, startPostgres } from '../../../../../tests/services/postgres.ts';
import { type RedisServer, startRedis } from '../../../../../tests/services/redis.ts';
import { openDatabase } from '../../adapters/typeorm/database/data-source.ts';
import type { Database } from '../../adapters/typeorm/database/database.ts';
import { scratchKinds } from '../../adapters/typeorm/testing/scratch-databases.ts';
import type { KillAt } from '../../kill-points/kill-points.ts';
import type { Installation } from './installations.ts';
import { brokenInvariants, type StoredRun, storedRuns } from './invariants.ts';
import {
  approveFirst,
  becomeOwner,
  countingGraph,
  get,
  post,
  type ServerProcess,
  type Session,
  startServer,
  upload,
} from './server-process.ts';

/** A data folder, a database, and the servers that were started on them. */
export class Stage implements AsyncDisposable {
  readonly dataDir: string;
  readonly database: Database;
  /** The Redis of the queue, where it is there. */
  readonly redis: RedisServer | undefined;
  /** A PostgreSQL server of this stage's own, which may be crashed. */
  readonly postgres: PostgresServer | undefined;
  readonly #start: Stage['start'];
  readonly #remove: () => Promise<void>;
  readonly #servers: ServerProcess[] = [];
  #session: Session = {};
  #workflowId = '';
  #isOver = false;

  private constructor(
    parts: Pick<Stage, 'dataDir' | 'database' | 'redis' | 'postgres'> & {
      start: Stage['start'];
      remove: () => Promise<void>;
    },
  ) {
    this.dataDir = parts.dataDir;
    this.database = parts.database;
    this.redis = parts.redis;
    this.postgres = parts.postgres;
    this.#start = parts.start;
    this.#remove = parts.remove;
  }

  /** @param ownPostgres whether the database gets a PostgreSQL server of its own, so that {@link postgres} may be crashed. @param postgresIn the folder it keeps its data in. @param packages node packages of this repository that its servers load. */
  static async set(
    { database: kind, queue }: Pick<Installation, 'database' | 'queue'>,
    {
      ownPostgres = false,
      postgresIn,
      packages = [],
    }: { ownPostgres?: boolean; postgresIn?: string; packages?: readonly string[] } = {},
  ): Promise<Stage> {
    const wantsOwn = ownPostgres && kind.name === 'PostgreSQL' && findPostgresBinaries() !== null;
    const postgres = wantsOwn
      ? await startPostgres({ keepsCommits: true, ...(postgresIn ? { within: postgresIn } : {}) })
      : undefined;
    const redis = queue === 'redis' ? await startRedis() : undefined;
    const scratch = await (scratchKinds(postgres?.url ?? null)[1] ?? kind).create();
    // SQLite lies in the data folder of its server.
    const dataDir =
      'sqliteFile' in scratch.place
        ? dirname(scratch.place.sqliteFile)
        : await mkdtemp(join(tmpdir(), 'imaginarium-durable-'));
    const database = await openDatabase(scratch.place);
    const premises = { dataDir, database: scratch.place, queue, redisUrl: redis?.url ?? null, packages };
    return new Stage({
      ...{ dataDir, database, redis, postgres },
      start: (killAt, clockOffMs) => startServer(premises, killAt, clockOffMs),
      remove: async () => {
        await database.close();
        await scratch.remove();
        await redis?.stop();
        await postgres?.stop();
        await rm(dataDir, { recursive: true, force: true });
      },
    });
  }

  /** Whether its servers are being ended because nobody needs them any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The state of the run that was accepted last, and why it failed. @throws {Error} where there is none. */
  async lastRun(): Promise<StoredRun> {
    const run = (await storedRuns(this.database)).at(-1);
    if (!run) throw new Error('No run was accepted.');
    return run;
  }

  /** Starts a server. @param clockOffMs how many milliseconds the clock of its machine is ahead. */
  async start(killAt?: KillAt, clockOffMs?: number): Promise<ServerProcess> {
    const server = await this.#start(killAt, clockOffMs);
    this.#servers.push(server);
    return server;
  }

  /** Makes the owner and a workflow of nodes that work so long on each side of their effect. */
  async setUp(
    { address }: ServerProcess,
    workMs = 5,
    change: (graph: Graph) => Graph = (graph) => graph,
  ): Promise<void> {
    this.#session = await becomeOwner(address);
    const graph = change(countingGraph(join(this.dataDir, 'effects'), workMs));
    const body = { name: 'Counting', graph: JSON.parse(JSON.stringify(graph)) };
    this.#workflowId = (await post(address, '/workflows', this.#session, body)).id;
  }

  /** Makes a further workflow, with a version. @returns its id. */
  async addWorkflow({ address }: ServerProcess, name: string, graph: Graph): Promise<string> {
    const body = { name, graph: JSON.parse(JSON.stringify(graph)) };
    const { id } = await post(address, '/workflows', this.#session, body);
    await post(address, `/workflows/${id}/versions`, this.#session, { label: 'One' });
    return id;
  }

  /** Has the first version of a workflow of {@link addWorkflow} listen to its triggers. */
  async activate({ address }: ServerProcess, workflowId: string): Promise<void> {
    await post(address, `/workflows/${workflowId}/activation`, this.#session, { version: 1 });
  }

  /** Asks for a run of a workflow of {@link addWorkflow}. @throws as {@link run}. */
  async runOf({ address }: ServerProcess, workflowId: string): Promise<string> {
    return (await post(address, `/workflows/${workflowId}/runs`, this.#session, {})).id;
  }

  /** Asks for an upscale of an uploaded file, of whose end nobody can be told. @returns the id of the version. @throws as {@link run}. */
  async upscale({ address }: ServerProcess, fileId: string): Promise<string> {
    const body = { fileId, tier: 'free', webhookUrl: 'http://127.0.0.1/' };
    const answer: object = await post(address, '/upscales', this.#session, body);
    return (answer as Upscale).version.id; // What the route answers.
  }

  /** Asks for a run to end. @throws when the server ended before it had answered. */
  async cancel({ address }: ServerProcess, runId: string): Promise<void> {
    await post(address, `/runs/${runId}/cancel`, this.#session, {});
  }

  /** Asks for a run; once for each key, when one is given. @throws when the server ended before it had answered. */
  async run({ address }: ServerProcess, key?: string): Promise<string> {
    const headers = key === undefined ? this.#session : { ...this.#session, 'idempotency-key': key };
    return (await post(address, `/workflows/${this.#workflowId}/runs`, headers, {})).id;
  }

  /** Reads from the API as the owner. @throws when the server is gone, or refuses. */
  get({ address }: ServerProcess, path: string): Promise<JsonObject> {
    return get(address, path, this.#session);
  }

  /** Answers what a run asks. @returns whether one asked. @throws when the server ended before it had answered. */
  approve({ address }: ServerProcess): Promise<boolean> {
    return approveFirst(address, this.#session);
  }

  /** Uploads a file. @throws {RefusedError} */
  async upload({ address }: ServerProcess, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await upload(address, this.#session, { name, bytes });
  }

  /** The effects that happened so far, each an idempotency key. */
  async effects(): Promise<string[]> {
    const text = await readFile(join(this.dataDir, 'effects'), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  }

  /** Has the leases of servers that were killed lapse now, as they do by themselves five seconds after they were renewed last. */
  async lapseLeases(): Promise<void> {
    const past = '2000-01-01T00:00:00.000Z';
    await this.database.write(({ sql }) => sql`UPDATE run SET lease_until = ${past} WHERE state = 'running'`);
  }

  /** Waits until every run has ended. @throws {Error} when one has not in time. */
  async settle(limitMs = 40_000): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      const open = (await storedRuns(this.database)).filter(({ state }) => ['queued', 'running'].includes(state));
      if (open.length === 0) return;
      if (performance.now() > end) throw new Error(`after ${limitMs / 1000} s there are still ${JSON.stringify(open)}`);
      await wait(100);
    }
  }

  /** Ends every connection to a PostgreSQL database but the one that says so, as its restart would. */
  async cutConnections(): Promise<void> {
    await this.database.write(
      ({ sql }) => sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  }

  /** What the connections to a PostgreSQL database are doing, and for whom they wait: to see why something takes long. */
  async whoWaits(): Promise<string> {
    if (this.database.kind !== 'postgres') return 'one connection, on which work takes turns';
    const rows = await this.database
      .read(
        ({ sql }) => sql`
          SELECT pid, application_name AS who, state, wait_event_type || '/' || wait_event AS waits, left(query, 120) AS query,
            round(extract(epoch FROM clock_timestamp() - state_change)::numeric, 1) AS seconds, pg_blocking_pids(pid) AS blockers
          FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
      .catch((error: Error) => [{ error: error.message }]);
    return JSON.stringify(rows);
  }

  async brokenInvariants(): Promise<string[]> {
    return brokenInvariants(this.database, this.dataDir, await this.effects());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const { child, ended } of this.#servers) {
      child.kill('SIGKILL');
      await ended;
    }
    await this.#remove();
  }
}
