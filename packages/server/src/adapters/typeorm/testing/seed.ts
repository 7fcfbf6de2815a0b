import { randomUUID } from 'node:crypto';
import type { FileRef, Role } from '@imaginarium/protocol';
import type { Database } from '../database/database.ts';

const MOMENT = '2026-01-01T00:00:00.000Z';
const GRAPH = JSON.stringify({ schema: 1, nodes: [], edges: [], inputs: [], notes: [], settings: {} });

/** Adds a person to a workspace. @returns their id. */
export async function seedPerson(database: Database, workspaceId: string, role: Role): Promise<string> {
  const id = randomUUID();
  await database.write(async ({ sql }) => {
    await sql`
      INSERT INTO user_account (id, name, email, password_hash, created_at)
      VALUES (${id}, 'Ada', ${`${id}@example.org`}, 'none', ${MOMENT})`;
    await sql`
      INSERT INTO membership (workspace_id, user_id, role, created_at) VALUES (${workspaceId}, ${id}, ${role}, ${MOMENT})`;
  });
  return id;
}

/** Makes a workspace with one workflow, without the stores under test. */
export async function seedWorkspace(database: Database, workspaceId: string, workflowId: string): Promise<void> {
  await database.write(async ({ sql }) => {
    await sql`INSERT INTO workspace (id, name, created_at) VALUES (${workspaceId}, 'Test', ${MOMENT})`;
    await sql`
      INSERT INTO workflow (id, workspace_id, name, draft, revision, node_count, created_at, updated_at)
      VALUES (${workflowId}, ${workspaceId}, 'Photo to carousel', ${GRAPH}, 1, 0, ${MOMENT}, ${MOMENT})`;
  });
}

/** Gives an asset a version that has ended, whose run is gone. @returns its id. */
export async function seedVersion(
  database: Database,
  { workspaceId, assetId, file }: { workspaceId: string; assetId: string; file: FileRef },
  tier = 'standard',
): Promise<string> {
  const id = randomUUID();
  await database.write(
    ({ sql }) => sql`
      INSERT INTO asset_version (
        id, workspace_id, asset_id, number, tier, run_id, place, item, state, credits_quoted, credits_spent, estimate_ms, file, file_id, left_out, created_at, ended_at
      ) SELECT ${id}, ${workspaceId}, a.id, (SELECT COUNT(*) + 1 FROM asset_version v WHERE v.asset_id = a.id), ${tier},
        ${randomUUID()}, 0, 0, 'succeeded', 15, 15, 1000, ${JSON.stringify(file)}, ${file.id}, '[]', ${MOMENT}, ${MOMENT}
      FROM asset a WHERE a.id = ${assetId}`,
  );
  return id;
}
