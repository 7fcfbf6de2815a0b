import { createBrowserRouter, type RouteObject } from 'react-router';
import { AppShell } from './AppShell.tsx';
import { NotFoundScreen } from './NotFoundScreen.tsx';
import { RequireSession } from './RequireSession.tsx';
import { ScreenError } from './ScreenError.tsx';
import { ScreenSkeleton } from './ScreenSkeleton.tsx';
import { screen } from './screen.ts';

const setup = screen(async () => (await import('../accounts/SetupScreen.tsx')).SetupScreen, 'accounts');
const login = screen(async () => (await import('../accounts/LoginScreen.tsx')).LoginScreen, 'accounts');
const editor = screen(async () => (await import('../editor/EditorScreen.tsx')).EditorScreen, 'editor');
const home = screen(async () => (await import('../home/HomeScreen.tsx')).HomeScreen, 'home');
const runs = screen(async () => (await import('../runs/RunsScreen.tsx')).RunsScreen);
const run = screen(async () => (await import('../runs/RunScreen.tsx')).RunScreen);
const failures = screen(async () => (await import('../runs/FailuresScreen.tsx')).FailuresScreen);
const assets = screen(async () => (await import('../assets/AssetsScreen.tsx')).AssetsScreen, 'assets');
const asset = screen(async () => (await import('../assets/AssetScreen.tsx')).AssetScreen, 'assets');
const queue = screen(async () => (await import('../queue/QueueScreen.tsx')).QueueScreen, 'queue');
const models = screen(async () => (await import('../models/ModelsScreen.tsx')).ModelsScreen, 'models');
const waiting = screen(async () => (await import('../waits/WaitingScreen.tsx')).WaitingScreen);
const usage = screen(async () => (await import('../usage/UsageScreen.tsx')).UsageScreen, 'usage');
const wallet = screen(async () => (await import('../wallet/WalletScreen.tsx')).WalletScreen, 'wallet');
const prices = screen(async () => (await import('../prices/PricesScreen.tsx')).PricesScreen, 'prices');
const account = screen(async () => (await import('../accounts/AccountScreen.tsx')).AccountScreen, 'accounts');

/** Every address of the app. Screens load when they are first opened; the editor stands alone, without the shell. */
export const routeTree: RouteObject[] = [
  {
    ErrorBoundary: ScreenError,
    HydrateFallback: ScreenSkeleton,
    children: [
      { path: '/setup', lazy: setup },
      { path: '/login', lazy: login },
      {
        Component: RequireSession,
        children: [
          { path: '/workflows/:id', lazy: editor },
          {
            Component: AppShell,
            children: [
              { path: '/', lazy: home },
              { path: '/runs', lazy: runs },
              { path: '/runs/failed', lazy: failures },
              { path: '/runs/:id', lazy: run },
              { path: '/assets', lazy: assets },
              { path: '/assets/:id', lazy: asset },
              { path: '/queue', lazy: queue },
              { path: '/models', lazy: models },
              { path: '/waiting', lazy: waiting },
              { path: '/usage', lazy: usage },
              { path: '/wallet', lazy: wallet },
              { path: '/prices', lazy: prices },
              { path: '/account', lazy: account },
              { path: '*', Component: NotFoundScreen },
            ],
          },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routeTree);
