import { z } from 'zod';
import { graphNodeSchema } from '../graph.ts';
import { jsonObjectSchema } from '../item.ts';
import { nodeDescriptionSchema, nodePackageSchema } from '../node-description.ts';
import type { Route } from '../route.ts';

/** What of a node its upgrade depends on. */
const UPGRADED = { id: true, type: true, version: true, params: true } as const;

/** What can be placed in a workflow. */
export const nodeTypeRoutes = {
  listNodeTypes: {
    method: 'get',
    path: '/node-types',
    tag: 'Node types',
    access: 'viewer',
    summary: 'The node types that are installed, and the packages that bring them',
    response: z.strictObject({ packages: z.array(nodePackageSchema), types: z.array(nodeDescriptionSchema) }),
  },
  upgradeNodes: {
    method: 'post',
    path: '/node-types/upgrade',
    tag: 'Node types',
    access: 'editor',
    summary: 'The params of nodes as the newest version of their type takes them; nothing is saved',
    body: z.strictObject({ nodes: z.array(graphNodeSchema.pick(UPGRADED)).min(1).max(1000) }),
    response: z.strictObject({
      upgrades: z.array(z.strictObject({ id: z.string(), version: z.int().min(1), params: jsonObjectSchema })),
      /** Nodes that stay as they are, and why. */
      refused: z.array(z.strictObject({ id: z.string(), message: z.string() })),
    }),
  },
} as const satisfies Record<string, Route>;
