import { setTimeout as wait } from 'node:timers/promises';
import { faultsOn } from './faults.ts';
import { seeded } from './random.ts';
import { RefusedError, type ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';
import { Witness } from './witness.ts';

/** Callers that ask for a run, one after the other. */
const CALLERS = 4;
/** What takes so long is looked at in the database. */
const LOOK_AFTER_MS = 10_000;

/** Rounds in which servers are asked for runs, something goes wrong, and a server dies: by a seed, so that they can be had again. */
export class KillLoop {
  /** The runs that were accepted, by the key they were asked with. */
  readonly accepted = new Map<string, string>();
  readonly witness = new Witness();
  /** What should not have happened on the way, in sentences. */
  readonly surprises: string[] = [];
  readonly #stage: Stage;
  readonly #size: number;
  readonly #seed: number;
  readonly #random: () => number;
  readonly #asked: string[] = [];
  readonly #struck = new Map<string, number>();
  readonly #doomed = new WeakSet<ServerProcess>();
  #servers: ServerProcess[] = [];

  /** @param servers how many are up at once. */
  constructor(stage: Stage, { seed, servers }: { seed: number; servers: number }) {
    this.#stage = stage;
    this.#size = servers;
    this.#seed = seed;
    this.#random = seeded(seed);
  }

  /** Makes the workflow. */
  async setUp(): Promise<void> {
    const server = await this.#start();
    await this.#stage.setUp(server, 5);
  }

  /** Calls the servers while a fault strikes, then kills one of them, or all. */
  async round(): Promise<void> {
    while (this.#servers.length < this.#size) await this.#start();
    let over = false;
    const callers = Array.from({ length: CALLERS }, () => this.#call(() => over));
    await wait(50 + this.#random() * 1000);
    const fault = this.#oneOf(faultsOn(this.#stage));
    this.#struck.set(fault.name, (this.#struck.get(fault.name) ?? 0) + 1);
    await fault.strike(this.#stage, this.#oneOf(this.#servers));
    await wait(this.#random() * 500);
    const victims = this.#random() < 0.5 ? [this.#oneOf(this.#servers)] : this.#servers;
    for (const server of victims) this.#doomed.add(server);
    for (const { child, ended } of victims) {
      child.kill('SIGKILL');
      await ended;
    }
    this.#servers = this.#servers.filter((server) => !victims.includes(server));
    over = true;
    await Promise.all(callers);
    await this.witness.look(this.#stage);
  }

  /** Asks once more for all that was ever asked for: who got an answer gets the same. */
  async askAgain(server: ServerProcess): Promise<void> {
    for (const key of this.#asked) this.#hear(key, await this.#stage.run(server, key));
  }

  /** One line on what was done and what came of it. */
  report(name: string, reasons: readonly string[]): string {
    const counted = (values: Iterable<string>) => {
      const counts = new Map<string, number>();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      return [...counts].map(([value, count]) => `${count} ${value}`).join(', ');
    };
    const faults = [...this.#struck].map(([fault, times]) => `${fault} ${times}`).join(', ');
    return `${name} seed ${this.#seed}: ${reasons.length} runs (${counted(reasons)}); faults: ${faults}`;
  }

  async #start(): Promise<ServerProcess> {
    const server = await this.#stage.start();
    this.#servers.push(server);
    void server.ended.then((signal) => {
      if (!this.#doomed.has(server) && !this.#stage.isOver)
        this.surprises.push(`a server ended by itself: ${signal ?? server.child.exitCode}, saying ${server.said()}`);
    });
    return server;
  }

  async #call(isOver: () => boolean): Promise<void> {
    // What was asked before, and not answered, is asked again: with the same key, so that it is one run.
    const again = this.#asked.filter((key) => !this.accepted.has(key));
    while (!isOver()) {
      const key = again.pop() ?? `order-${this.#asked.push(`order-${this.#asked.length}`) - 1}`;
      const server = this.#oneOf(this.#servers, Math.random);
      let seen = '';
      const looks = setInterval(async () => {
        seen = await this.#stage.whoWaits();
      }, LOOK_AFTER_MS);
      try {
        this.#hear(key, await this.#stage.run(server, key));
      } catch (error) {
        if ((error as Error).name === 'TimeoutError')
          this.surprises.push(`${key} was not answered in time by ${server.address}; in the database: ${seen}`);
        // A fault is answered with what to do about it, and nobody is told that the server does not know.
        if (error instanceof RefusedError && ![503, 507].includes(error.status))
          this.surprises.push(`${error.message} ${server.said()}`);
      } finally {
        clearInterval(looks);
      }
      await wait(20);
    }
  }

  #hear(key: string, id: string): void {
    const before = this.accepted.get(key) ?? id;
    if (before !== id) this.surprises.push(`${key} started ${before}, and then ${id}`);
    this.accepted.set(key, before);
  }

  /** @param random what must not be drawn from the seed: it is asked an unknown number of times. */
  #oneOf<Value>(values: readonly Value[], random = this.#random): Value {
    return values[Math.floor(random() * values.length)] as Value; // Nothing is chosen from an empty list.
  }
}
