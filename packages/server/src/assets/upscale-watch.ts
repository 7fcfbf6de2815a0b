import type { Clock, RunStore } from '@imaginarium/engine';
import { RepeatedLook } from '../repeated-look.ts';
import type { EndedUpscales } from './ended-upscales.ts';
import { upscaleResults } from './upscale-results.ts';

const LOOK_MS = 1000;
const AT_ONCE = 100;
/** A run is accepted within seconds of its versions, or never. */
const ACCEPTED_WITHIN_MS = 10 * 60_000;

export interface UpscaleWatchDeps {
  ended: EndedUpscales;
  runStore: Pick<RunStore, 'load'>;
  /** The same for all servers, so that none takes back what another one has just begun. */
  clock: Pick<Clock, 'now'>;
  log: { error(data: object, message: string): void };
}

/**
 * Gives versions of assets what their runs made. A run is kept until all of its versions have their results, so that nothing is lost with a
 * server that dies between the two.
 */
export class UpscaleWatch {
  readonly #deps: UpscaleWatchDeps;
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(deps: UpscaleWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when no version is being given its result. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Looks once. Never rejects: what failed is tried again in the next look. */
  async look(): Promise<void> {
    const { ended, clock, log } = this.#deps;
    const failed = (error: unknown, runId?: string) =>
      log.error({ err: error, runId }, 'assets could not be given what runs made of them');
    try {
      for (const { runId, places } of await ended.list(AT_ONCE))
        await this.#end(runId, places).catch((error: unknown) => failed(error, runId));
      await ended.removeNeverAccepted(new Date(clock.now() - ACCEPTED_WITHIN_MS).toISOString());
    } catch (error) {
      failed(error);
    }
  }

  async #end(runId: string, places: readonly number[]): Promise<void> {
    const { ended, runStore } = this.#deps;
    const record = await runStore.load(runId);
    if (record) await ended.end(runId, upscaleResults(record, places));
  }
}
