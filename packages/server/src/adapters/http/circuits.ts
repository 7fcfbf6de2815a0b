import { type HttpAnswer, RetryLaterError } from '@imaginarium/node-sdk';
import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';

/** Failures in a row after which a service is left alone. */
const FAILURES = 5;
/** How long at first, in milliseconds; after each try that fails again twice as long, up to the longest. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Services that are remembered because their last answer was a failure. */
const REMEMBERED = 5000;

/** A service does not work: what counts against it. */
export class OutageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutageError';
  }
}

/** A service as a workspace sees it with one key: with another it may work, for services refuse whom they have had enough of. */
export interface ServicePlace {
  workspaceId: string;
  /** With its port, where that is not the usual one. */
  host: string;
  /** What stands for the keys that are shown to it; undefined where none are. */
  keys?: string | undefined;
}

/**
 * Leaves services alone that have failed several times in a row, for each workspace and each key by itself: after a pause one request tries, and
 * if it succeeds the service is there again.
 */
export class Circuits {
  readonly #circuits = new LRUCache<string, Circuit>({ max: REMEMBERED });
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Calls a service, unless it is left alone.
   * @param call fails with {@link OutageError} when the service does, whatever else it throws.
   * @throws what the call throws; {@link RetryLaterError} with the time of the next try.
   */
  async call({ workspaceId, host, keys }: ServicePlace, call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const place = JSON.stringify([workspaceId, host, keys]);
    const circuit = this.#circuits.get(place) ?? openCircuit({ workspaceId, host, keys }, this.#now);
    this.#circuits.set(place, circuit);
    try {
      const answer = await circuit.policy.execute(call);
      if (isOutage(answer)) this.#remember(place, circuit);
      // One that works is as good as one that was never called, and keys come in any number.
      else if (circuit.policy.state === CircuitState.Closed) this.#circuits.delete(place);
      return answer;
    } catch (error) {
      this.#remember(place, circuit);
      if (!isBrokenCircuitError(error)) throw error;
      const afterMs = Math.max(1000, circuit.nextTryAt - this.#now());
      const withKey = keys === undefined ? '' : ' with this key';
      throw new RetryLaterError({
        afterMs,
        message: `${host} has failed ${FAILURES} times in a row${withKey}; the next try is in ${Math.ceil(afterMs / 1000)} s.`,
      });
    }
  }

  /** The hosts that are left alone now, each with the number of workspaces that do. */
  open(): Map<string, number> {
    const hosts = new Map<string, Set<string>>();
    for (const { workspaceId, host, policy } of this.#circuits.values())
      if (policy.state !== CircuitState.Closed) hosts.set(host, (hosts.get(host) ?? new Set()).add(workspaceId));
    return new Map([...hosts].map(([host, workspaces]) => [host, workspaces.size]));
  }

  /** Another call of the same may have worked meanwhile, and have it forgotten. */
  #remember(place: string, circuit: Circuit): void {
    if (!this.#circuits.has(place)) this.#circuits.set(place, circuit);
  }
}

interface Circuit extends ServicePlace {
  policy: CircuitBreakerPolicy;
  /** Milliseconds since 1970. */
  nextTryAt: number;
}

function openCircuit(place: ServicePlace, now: () => number): Circuit {
  const pauseAfter = ({ attempt }: { attempt: number }) => {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    circuit.nextTryAt = now() + pauseMs;
    return pauseMs;
  };
  // The one request that tries must get an answer: one that somebody called off says nothing.
  const counts = (error: unknown) => error instanceof OutageError || circuit.policy.state === CircuitState.HalfOpen;
  const policy = circuitBreaker(
    handleWhen(counts).orWhenResult((answer) => isOutage(answer as HttpAnswer)), // Nothing else is called here.
    { breaker: new ConsecutiveBreaker(FAILURES), halfOpenAfter: new DelegateBackoff(pauseAfter) },
  );
  const circuit: Circuit = { ...place, policy, nextTryAt: 0 };
  return circuit;
}

/** 501 says that the service works, and lacks what was asked for. */
function isOutage({ status }: HttpAnswer): boolean {
  return status >= 500 && status !== 501;
}
