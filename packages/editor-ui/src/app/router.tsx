import { createBrowserRouter, type RouteObject } from 'react-router';
import { AppShell } from './AppShell.tsx';
import { NotFoundScreen } from './NotFoundScreen.tsx';
import { RequireSession } from './RequireSession.tsx';
import { ScreenError } from './ScreenError.tsx';
import { ScreenSkeleton } from './ScreenSkeleton.tsx';

/** Every address of the app. Screens load when they are first opened; the editor stands alone, without the shell. */
export const routeTree: RouteObject[] = [
  {
    ErrorBoundary: ScreenError,
    HydrateFallback: ScreenSkeleton,
    children: [
      { path: '/setup', lazy: async () => ({ Component: (await import('../accounts/SetupScreen.tsx')).SetupScreen }) },
      { path: '/login', lazy: async () => ({ Component: (await import('../accounts/LoginScreen.tsx')).LoginScreen }) },
      {
        Component: RequireSession,
        children: [
          {
            path: '/workflows/:id',
            lazy: async () => ({ Component: (await import('../editor/EditorScreen.tsx')).EditorScreen }),
          },
          {
            Component: AppShell,
            children: [
              { path: '/', lazy: async () => ({ Component: (await import('../home/HomeScreen.tsx')).HomeScreen }) },
              { path: '/runs', lazy: async () => ({ Component: (await import('../runs/RunsScreen.tsx')).RunsScreen }) },
              {
                path: '/assets',
                lazy: async () => ({ Component: (await import('../assets/AssetsScreen.tsx')).AssetsScreen }),
              },
              {
                path: '/assets/:id',
                lazy: async () => ({ Component: (await import('../assets/AssetScreen.tsx')).AssetScreen }),
              },
              {
                path: '/runs/failed',
                lazy: async () => ({ Component: (await import('../runs/FailuresScreen.tsx')).FailuresScreen }),
              },
              {
                path: '/queue',
                lazy: async () => ({ Component: (await import('../queue/QueueScreen.tsx')).QueueScreen }),
              },
              {
                path: '/models',
                lazy: async () => ({ Component: (await import('../models/ModelsScreen.tsx')).ModelsScreen }),
              },
              {
                path: '/runs/:id',
                lazy: async () => ({ Component: (await import('../runs/RunScreen.tsx')).RunScreen }),
              },
              {
                path: '/waiting',
                lazy: async () => ({ Component: (await import('../waits/WaitingScreen.tsx')).WaitingScreen }),
              },
              {
                path: '/usage',
                lazy: async () => ({ Component: (await import('../usage/UsageScreen.tsx')).UsageScreen }),
              },
              {
                path: '/wallet',
                lazy: async () => ({ Component: (await import('../wallet/WalletScreen.tsx')).WalletScreen }),
              },
              {
                path: '/prices',
                lazy: async () => ({ Component: (await import('../prices/PricesScreen.tsx')).PricesScreen }),
              },
              {
                path: '/account',
                lazy: async () => ({ Component: (await import('../accounts/AccountScreen.tsx')).AccountScreen }),
              },
              { path: '*', Component: NotFoundScreen },
            ],
          },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routeTree);
