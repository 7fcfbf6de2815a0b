import type { FileInPlace, InPlaceRecord } from '../../../files/files-in-place.ts';
import type { Database } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';

/** What is known of files that are read where they lie, in the database. */
export class SqlInPlaceRecord implements InPlaceRecord {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async at(path: string): Promise<FileInPlace | undefined> {
    return (await this.#find(fragment`path = ${path}`))[0];
  }

  withId(id: string): Promise<FileInPlace[]> {
    return this.#find(fragment`file_id = ${id}`);
  }

  async keep({ path, file, writtenNs }: FileInPlace): Promise<void> {
    const [text, now] = [JSON.stringify(file), new Date().toISOString()];
    await this.#database.write(
      ({ sql }) => sql`
        INSERT INTO file_in_place (path, file_id, ref, written_ns, registered_at)
        VALUES (${path}, ${file.id}, ${text}, ${String(writtenNs)}, ${now})
        ON CONFLICT (path) DO UPDATE SET file_id = excluded.file_id, ref = excluded.ref,
          written_ns = excluded.written_ns, registered_at = excluded.registered_at`,
      { repeatable: true },
    );
  }

  async #find(which: Fragment): Promise<FileInPlace[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ path: string; ref: string; written_ns: string }>`
        SELECT path, ref, written_ns FROM file_in_place WHERE ${which} ORDER BY registered_at DESC, path`,
    );
    return rows.map((row) => ({ path: row.path, file: JSON.parse(row.ref), writtenNs: BigInt(row.written_ns) }));
  }
}
