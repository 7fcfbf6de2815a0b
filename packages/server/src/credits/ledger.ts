import type { Budget, NamedWallet, Receipt, Transfer, TransferKind } from '@imaginarium/protocol';

/** What a workspace has, in whole credits. */
export interface WalletBalance {
  balance: number;
  /** Set aside for runs that have not ended. */
  reserved: number;
  /** What new runs can have: balance less reserved. */
  available: number;
  /** Charged so far and not given back. */
  spent: number;
}

/** Credits that a person moves. */
export interface NewTransfer {
  /** Whole credits, from 1. */
  amount: number;
  /** The id of who moves them. */
  actor: string;
  reason: string;
  /** A repeat with the same key and the same request gets the first transfer; with another request it is refused. */
  idempotencyKey: string;
}

/** What is asked of a ledger's list. */
export interface TransferQuery {
  kind?: TransferKind | undefined;
  runId?: string | undefined;
  /** From this moment on, as ISO 8601. */
  from?: string | undefined;
  /** Before this moment. */
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** The credits of one workspace. */
export interface WorkspaceCredits {
  balance(): Promise<WalletBalance>;
  /** What it may spend in this month, and what it has. */
  budget(): Promise<Budget>;
  /** Sets what it may spend in each month, from now on; null for no budget. @param by the id of who sets it. @throws {AmountError} */
  setBudget(amount: number | null, by: string): Promise<Budget>;
  /** Transfers, the newest first. @throws {BadCursorError} */
  list(query: TransferQuery): Promise<{ transfers: Transfer[]; nextCursor: string | null }>;
  receipt(runId: string): Promise<Receipt | undefined>;
  /** Gives the workspace credits. @throws {IdempotencyMismatchError} {@link AmountError} */
  grant(transfer: NewTransfer): Promise<Transfer>;
  /** Writes down credits that were paid for. @throws {IdempotencyMismatchError} {@link AmountError} */
  purchase(transfer: NewTransfer): Promise<Transfer>;
  /** Takes credits back that are not set aside. @throws {InsufficientCreditsError} {@link IdempotencyMismatchError} {@link AmountError} */
  withdraw(transfer: NewTransfer): Promise<Transfer>;
  /**
   * Gives back what a run was charged, or a part of it. @throws {RefundRefusedError} for more than that
   * @throws {IdempotencyMismatchError} {@link AmountError}
   */
  refund(runId: string, transfer: NewTransfer): Promise<Transfer>;
}

/** The wallets of all workspaces. */
export interface Wallets {
  /** By name; those that never needed credits have 0. */
  list(limit: number): Promise<NamedWallet[]>;
}

/** An amount that the ledger does not take. */
export class AmountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AmountError';
  }
}

/** A refund of more than is left of a run's charges. */
export class RefundRefusedError extends Error {
  constructor(amount: number, left: number) {
    super(
      left === 0
        ? `refund: this run has nothing left to give back; received ${amount}.`
        : `refund: expected at most ${left} credits, which is what is left of the charges of this run; received ${amount}.`,
    );
    this.name = 'RefundRefusedError';
  }
}
