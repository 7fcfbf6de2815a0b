/** What a workspace used, to be billed. */
export interface UseReport {
  /** The same for each try: a service that has it already counts it once. */
  id: string;
  /** Counts the tries from 1. */
  attempt: number;
  /** Whom the service knows the workspace as. */
  customer: string;
  /** Whole credits; below zero for what was given back. */
  credits: number;
  /** When they were used, as ISO 8601. */
  at: string;
}

/** A service that bills what workspaces use. */
export interface Billing {
  /**
   * Reports what was used, once however often it is reported within a day.
   * @throws {BillingAwayError} when it may work later; {@link BillingRefusedError} when it will not.
   */
  report(report: UseReport, signal: AbortSignal): Promise<void>;
}

/** Credits that somebody wants to buy. */
export interface Order {
  workspaceId: string;
  credits: number;
  /** What they cost, in the currency's own unit: 6000 IDR. */
  price: { amount: number; currency: string };
  /** A repeat with the same key leads to the same checkout. */
  idempotencyKey: string;
  /** Where the buyer comes back to. */
  returnUrl: string;
  /** Whom the service knows the workspace as, when it does. */
  customer: string | undefined;
}

/** A service that sells credits. */
export interface CreditShop {
  /** Begins a checkout. @returns where the buyer pays. @throws as {@link Billing.report}. */
  checkout(order: Order): Promise<{ url: string }>;
  /**
   * Reads what the service tells about payments.
   * @returns undefined for what is of no matter here. @throws {WrongSaleSignatureError} for what the service did not write.
   */
  read(body: Buffer, signature: string | undefined): Sale | undefined;
}

/** Something that happened to a payment. */
export type Sale =
  | { kind: 'paid'; id: string; payment: string | null; workspaceId: string; credits: number }
  /** So many of so many hundredths of the money went back, in all until now. */
  | { kind: 'refunded'; payment: string; refunded: number; of: number };

/** The service could not be reached, or had no time. */
export class BillingAwayError extends Error {
  /** When it may be asked again, in milliseconds; null when it did not say. */
  readonly afterMs: number | null;
  /** Whether the request may have arrived all the same. */
  readonly mayHaveArrived: boolean;

  constructor(
    message: string,
    { afterMs = null, mayHaveArrived }: { afterMs?: number | null; mayHaveArrived: boolean },
  ) {
    super(message);
    this.name = 'BillingAwayError';
    this.afterMs = afterMs;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** The service understood and will not do it, however often it is asked. */
export class BillingRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BillingRefusedError';
  }
}

/** A message about a payment that the service did not sign. */
export class WrongSaleSignatureError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongSaleSignatureError';
  }
}
