import { Redis, type RedisOptions } from 'ioredis';

/** The longest pause between two tries to connect again. */
const LONGEST_PAUSE_MS = 2000;

/**
 * A connection to Redis that ends for good, with the ones that BullMQ made of it. Left to BullMQ, one that is closed while Redis is away
 * tries to connect on and on, and as nobody listens any more it writes each failure to the console.
 */
export class EndingRedis extends Redis {
  readonly #made: Redis[] = [];
  #hasEnded = false;

  constructor(url: string, options: RedisOptions) {
    super(url, { ...options, retryStrategy: (times) => this.#pauseBefore(times) });
    listen(this);
  }

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const made = super.duplicate(override);
    listen(made);
    this.#made.push(made);
    return made;
  }

  /** Ends all of them now, whatever is under way. */
  endForGood(): void {
    this.#hasEnded = true;
    for (const redis of [this, ...this.#made]) redis.disconnect();
  }

  /** The made ones ask this too: they take over its options. */
  #pauseBefore(times: number): number | null {
    return this.#hasEnded ? null : Math.min(times * 100, LONGEST_PAUSE_MS);
  }
}

/** What goes wrong is told by BullMQ for as long as it is in use; after that nobody needs to know. */
function listen(redis: Redis): void {
  redis.on('error', () => undefined);
}
