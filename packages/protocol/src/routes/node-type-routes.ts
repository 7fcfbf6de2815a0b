import { z } from 'zod';
import { nodeDescriptionSchema, nodePackageSchema } from '../node-description.ts';
import type { Route } from '../route.ts';

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
} as const satisfies Record<string, Route>;
