import type { FileRef, StoredFile } from '@imaginarium/protocol';
import type { FileIndex } from '../../../files/file-index.ts';
import { pageOf, readCursor } from '../database/cursor.ts';
import type { Database } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { addMadeFile } from '../runs/file-uses.ts';

/** Ids of one question: far below the number of parameters that either database takes. */
const IDS_PER_QUESTION = 500;

interface FileRow {
  id: string;
  ref: string;
  created_at: string;
}

/** Which files one workspace owns, in the database. */
export class SqlFileIndex implements FileIndex {
  readonly #database: Database;
  readonly #workspaceId: string;

  constructor(database: Database, workspaceId: string) {
    this.#database = database;
    this.#workspaceId = workspaceId;
  }

  add(file: FileRef): Promise<StoredFile> {
    return this.#database.write(
      async ({ sql }) => {
        const now = new Date().toISOString();
        await sql`
        INSERT INTO file (workspace_id, id, ref, created_at)
        VALUES (${this.#workspaceId}, ${file.id}, ${JSON.stringify(file)}, ${now})
        ON CONFLICT (workspace_id, id) DO UPDATE SET made_by_run = 0`;
        const [row] = await sql<FileRow>`
        SELECT id, ref, created_at FROM file WHERE workspace_id = ${this.#workspaceId} AND id = ${file.id}`;
        if (!row) throw new Error(`File ${file.id} was neither stored nor there already.`);
        return storedFileOf(row);
      },
      { repeatable: true },
    );
  }

  addMade(file: FileRef, runId: string): Promise<void> {
    const made = { workspaceId: this.#workspaceId, runId, file, now: new Date().toISOString() };
    return this.#database.write((transaction) => addMadeFile(transaction, made), { repeatable: true });
  }

  async get(id: string): Promise<StoredFile | undefined> {
    if (!isFileId(id)) return undefined;
    const [row] = await this.#database.read(
      ({ sql }) => sql<FileRow>`
        SELECT id, ref, created_at FROM file WHERE workspace_id = ${this.#workspaceId} AND id = ${id}`,
    );
    return row && storedFileOf(row);
  }

  async list({ limit, cursor }: Parameters<FileIndex['list']>[0]) {
    const place = cursor === undefined ? undefined : readCursor(cursor, isFileId);
    const rows = await this.#database.read(
      ({ sql }) => sql<FileRow>`
        SELECT id, ref, created_at FROM file WHERE workspace_id = ${this.#workspaceId}
        ${place ? fragment`AND (created_at, id) < (${place.createdAt}, ${place.id})` : fragment``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`,
    );
    const { page, nextCursor } = pageOf(rows, limit, (row) => ({ createdAt: row.created_at, id: row.id }));
    return { files: page.map(storedFileOf), nextCursor };
  }

  async missing(ids: readonly string[]): Promise<string[]> {
    const asked = [...new Set(ids)];
    const known = asked.filter(isFileId);
    const owned = new Set<string>();
    await this.#database.read(async ({ sql }) => {
      for (let from = 0; from < known.length; from += IDS_PER_QUESTION) {
        const rows = await sql<{ id: string }>`
          SELECT id FROM file
          WHERE workspace_id = ${this.#workspaceId} AND id IN (${known.slice(from, from + IDS_PER_QUESTION)})`;
        for (const row of rows) owned.add(row.id);
      }
    });
    return asked.filter((id) => !owned.has(id));
  }
}

function isFileId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

function storedFileOf(row: FileRow): StoredFile {
  return { ...JSON.parse(row.ref), createdAt: row.created_at };
}
