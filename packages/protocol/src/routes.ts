import type { Route } from './route.ts';
import { accountRoutes } from './routes/account-routes.ts';
import { assetRoutes } from './routes/asset-routes.ts';
import { billingRoutes } from './routes/billing-routes.ts';
import { creditRoutes } from './routes/credit-routes.ts';
import { fileRoutes } from './routes/file-routes.ts';
import { logRoutes } from './routes/log-routes.ts';
import { modelRoutes } from './routes/model-routes.ts';
import { nodeTypeRoutes } from './routes/node-type-routes.ts';
import { noticeRoutes } from './routes/notice-routes.ts';
import { queueRoutes } from './routes/queue-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { triggerRoutes } from './routes/trigger-routes.ts';
import { upscaleRoutes } from './routes/upscale-routes.ts';
import { usageRoutes } from './routes/usage-routes.ts';
import { waitRoutes } from './routes/wait-routes.ts';
import { workflowRoutes } from './routes/workflow-routes.ts';

/** Where the REST API begins. */
export const API_PREFIX = '/api/v1';

/** Every call of the REST API, by name. */
export const routes = {
  ...accountRoutes,
  ...nodeTypeRoutes,
  ...workflowRoutes,
  ...runRoutes,
  ...logRoutes,
  ...creditRoutes,
  ...billingRoutes,
  ...usageRoutes,
  ...fileRoutes,
  ...assetRoutes,
  ...upscaleRoutes,
  ...queueRoutes,
  ...triggerRoutes,
  ...waitRoutes,
  ...noticeRoutes,
  ...modelRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
