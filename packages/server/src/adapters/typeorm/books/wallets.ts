import type { NamedWallet } from '@imaginarium/protocol';
import type { Wallets } from '../../../credits/ledger.ts';
import type { Database } from '../database/database.ts';

/** The wallets of all workspaces, in the database. */
export class SqlWallets implements Wallets {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(limit: number): Promise<NamedWallet[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ id: string; name: string; balance: number | null; reserved: number | null }>`
        SELECT w.id, w.name, a.balance, a.reserved FROM workspace w
        LEFT JOIN credit_account a ON a.workspace_id = w.id AND a.kind = 'wallet'
        ORDER BY lower(w.name), w.id LIMIT ${limit}`,
    );
    return rows.map(({ id, name, balance, reserved }) => {
      return { workspaceId: id, name, balance: balance ?? 0, reserved: reserved ?? 0 };
    });
  }
}
