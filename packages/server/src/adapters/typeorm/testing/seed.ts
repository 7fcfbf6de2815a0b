import type { Database } from '../database.ts';

const MOMENT = '2026-01-01T00:00:00.000Z';
const GRAPH = JSON.stringify({ schema: 1, nodes: [], edges: [], inputs: [], notes: [], settings: {} });

/** Makes a workspace with one workflow, without the stores under test. */
export async function seedWorkspace(database: Database, workspaceId: string, workflowId: string): Promise<void> {
  await database.write(async ({ sql }) => {
    await sql`INSERT INTO workspace (id, name, created_at) VALUES (${workspaceId}, 'Test', ${MOMENT})`;
    await sql`
      INSERT INTO workflow (id, workspace_id, name, draft, revision, node_count, created_at, updated_at)
      VALUES (${workflowId}, ${workspaceId}, 'Photo to carousel', ${GRAPH}, 1, 0, ${MOMENT}, ${MOMENT})`;
  });
}
