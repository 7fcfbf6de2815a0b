/** A run's credits in the model. */
interface Held {
  amount: number;
  exact: number;
  charges: Map<string, number>;
  refunded: number;
  expiresAt: number;
  state: 'open' | 'released' | 'expired';
}

export type Outcome = 'done' | 'refused';

/** The ledger in as few lines as it can be said, to compare the real one with. Times are in hours. */
export class LedgerModel {
  balance: number;
  spent = 0;
  now = 0;
  readonly runs = new Map<number, Held>();
  readonly #keys = new Map<string, string>();

  constructor(balance: number) {
    this.balance = balance;
  }

  get reserved(): number {
    return [...this.runs.values()].reduce(
      (sum, run) => sum + (run.state === 'open' ? run.amount - spentBy(run) : 0),
      0,
    );
  }

  get #available(): number {
    return this.balance - this.reserved;
  }

  /** Moves credits into the wallet, or out of it with a negative amount. */
  move(request: string, key: string, amount: number): Outcome {
    return this.#once(request, key, () => {
      if (this.#available + amount < 0) return 'refused';
      this.balance += amount;
      return 'done';
    });
  }

  reserve(id: number, amount: number): Outcome {
    if (this.runs.has(id) || amount > this.#available) return 'refused';
    const expiresAt = this.now + 24;
    this.runs.set(id, { amount, exact: 0, charges: new Map(), refunded: 0, expiresAt, state: 'open' });
    return 'done';
  }

  extend(id: number, amount: number): Outcome {
    const run = this.runs.get(id);
    if (run?.state !== 'open' || amount > this.#available) return 'refused';
    run.amount += amount;
    return 'done';
  }

  charge(id: number, step: string, credits: number, exact: number): Outcome {
    const run = this.runs.get(id);
    if (!run) return 'refused';
    if (run.charges.has(step)) return 'done';
    if (run.state !== 'open' || spentBy(run) + credits > run.amount) return 'refused';
    run.charges.set(step, credits);
    run.exact += exact;
    this.balance -= credits;
    this.spent += credits;
    return 'done';
  }

  release(id: number): Outcome {
    const run = this.runs.get(id);
    if (run?.state === 'open') run.state = 'released';
    return 'done';
  }

  expire(): Outcome {
    for (const run of this.runs.values()) if (run.state === 'open' && run.expiresAt <= this.now) run.state = 'expired';
    return 'done';
  }

  refund(id: number, request: string, key: string, amount: number): Outcome {
    return this.#once(request, key, () => {
      const run = this.runs.get(id);
      if (!run || run.refunded + amount > spentBy(run)) return 'refused';
      run.refunded += amount;
      this.balance += amount;
      this.spent -= amount;
      return 'done';
    });
  }

  #once(request: string, key: string, work: () => Outcome): Outcome {
    const earlier = this.#keys.get(key);
    if (earlier !== undefined) return earlier === request ? 'done' : 'refused';
    const outcome = work();
    if (outcome === 'done') this.#keys.set(key, request);
    return outcome;
  }
}

function spentBy({ charges }: Held): number {
  return [...charges.values()].reduce((sum, credits) => sum + credits, 0);
}
