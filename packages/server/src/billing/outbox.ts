import type { BillingState } from '@imaginarium/protocol';

/** A report that is this sender's to send, for a while. */
export interface DueReport {
  id: string;
  customer: string;
  credits: number;
  at: string;
  /** Counts the tries, this one included. */
  attempt: number;
}

/** How a try ended: it is billed; it will be tried again; or it never will, and why. */
export type ReportOutcome =
  | { kind: 'sent' }
  | { kind: 'later'; afterMs: number; error: string; mayHaveArrived: boolean }
  | { kind: 'refused'; error: string };

/** What was used and has to be billed: it is taken from the ledger, and kept until it is billed. */
export interface BillingOutbox {
  /** Takes over what the ledger has new. However often it is called and by whomever, each use is taken once. @returns how many. */
  gather(): Promise<number>;
  /** The next report that is due. Nobody else gets it for a minute. One that may be billed already, longer ago than the service remembers, is set apart. */
  next(): Promise<DueReport | undefined>;
  settle(id: string, outcome: ReportOutcome): Promise<void>;
  /** How it stands. */
  state(): Promise<BillingState>;
  /**
   * Says whom the service knows a workspace as; null for nobody. What it used until now is not billed; what was refused for it is tried again.
   * @throws {CustomerTakenError} when another workspace is known as that.
   */
  setCustomer(workspaceId: string, customer: string | null): Promise<void>;
  customerOf(workspaceId: string): Promise<string | undefined>;
}

/** Two workspaces would be one customer. */
export class CustomerTakenError extends Error {
  constructor(customer: string) {
    super(`customerId: expected a customer that no other workspace is, received ${customer}.`);
    this.name = 'CustomerTakenError';
  }
}
