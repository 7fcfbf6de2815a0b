import type { PriceList, Prices } from '@imaginarium/protocol';

/** The versions of the price list of this server. */
export interface PriceLists {
  /** The one that new runs are quoted by. */
  current(): Promise<PriceList>;
  /** One of them; undefined when there is no such version. */
  find(version: number): Promise<PriceList | undefined>;
  /** All of them, the newest first, with who made them and when; the one that Imaginarium ships with has neither. */
  history(): Promise<{ version: number; createdBy: string | null; createdAt: string | null }[]>;
  /**
   * Adds a version, which counts from now on.
   * @param after the version that it changes.
   * @throws {PriceListConflictError} when another one was added meanwhile.
   */
  add(after: number, prices: Prices, createdBy: string): Promise<PriceList>;
}

/** Somebody else changed the prices first. */
export class PriceListConflictError extends Error {
  constructor(expected: number, found: number) {
    super(`after: expected version ${found} of the prices, which somebody saved meanwhile; received ${expected}.`);
    this.name = 'PriceListConflictError';
  }
}
