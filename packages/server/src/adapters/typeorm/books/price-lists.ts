import { type PriceList, type Prices, pricesSchema } from '@imaginarium/protocol';
import { BUILT_IN_PRICES } from '../../../credits/built-in-prices.ts';
import { PriceListConflictError, type PriceLists } from '../../../credits/price-lists.ts';
import type { Database, Transaction } from '../database/database.ts';

/** How long another process may go on with prices that were changed. A run is charged what it was quoted either way. */
const FRESH_MS = 2_000;

interface PriceListRow {
  version: number;
  prices: string;
}

/** The price list in the database. */
export class SqlPriceLists implements PriceLists {
  readonly #database: Database;
  readonly #now: () => number;
  #known: { list: PriceList; at: number } | undefined;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async current(): Promise<PriceList> {
    if (this.#known && this.#now() - this.#known.at < FRESH_MS) return this.#known.list;
    return this.#keep(await this.#database.read((transaction) => latest(transaction, this.#known?.list)));
  }

  async find(version: number): Promise<PriceList | undefined> {
    if (version === BUILT_IN_PRICES.version) return BUILT_IN_PRICES;
    const [row] = await this.#database.read(
      ({ sql }) => sql<PriceListRow>`SELECT version, prices FROM price_list WHERE version = ${version}`,
    );
    return row && listOf(row);
  }

  async history() {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ version: number; created_by: string; created_at: string }>`
        SELECT version, created_by, created_at FROM price_list ORDER BY version DESC`,
    );
    const edits = rows.map(({ version, created_by, created_at }) => {
      return { version, createdBy: created_by, createdAt: created_at };
    });
    return [...edits, { version: BUILT_IN_PRICES.version, createdBy: null, createdAt: null }];
  }

  async add(after: number, prices: Prices, createdBy: string): Promise<PriceList> {
    const list = { ...pricesSchema.parse(prices), version: after + 1 };
    const added = await this.#database.write(async (transaction) => {
      const { version } = await latest(transaction);
      if (version !== after) return version;
      // A twin of another process may be first between the two: its version is the same, and one of them is stored.
      const rows = await transaction.sql`
        INSERT INTO price_list (version, prices, created_by, created_at)
        VALUES (${list.version}, ${JSON.stringify(prices)}, ${createdBy}, ${new Date(this.#now()).toISOString()})
        ON CONFLICT (version) DO NOTHING RETURNING version`;
      return rows.length === 1 ? undefined : list.version;
    });
    if (added !== undefined) throw new PriceListConflictError(after, added);
    return this.#keep(list);
  }

  #keep(list: PriceList): PriceList {
    this.#known = { list, at: this.#now() };
    return list;
  }
}

/** @param known what is given back where there is no newer one: what was worked out from it stands. */
async function latest({ sql }: Transaction, known = BUILT_IN_PRICES): Promise<PriceList> {
  const [row] = await sql<PriceListRow>`
    SELECT version, prices FROM price_list WHERE version > ${known.version} ORDER BY version DESC LIMIT 1`;
  return row ? listOf(row) : known;
}

function listOf({ version, prices }: PriceListRow): PriceList {
  return { ...pricesSchema.parse(JSON.parse(prices)), version };
}
