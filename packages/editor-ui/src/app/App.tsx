import { QueryClientProvider } from '@tanstack/react-query';
import AntApp from 'antd/es/app';
import ConfigProvider from 'antd/es/config-provider';
import { Suspense } from 'react';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from '../api/query-client.ts';
import { router } from './router.tsx';
import { ScreenSkeleton } from './ScreenSkeleton.tsx';
import { themeOf } from './theme.ts';
import { useTheme } from './theme-mode.ts';
import { useReducedMotion } from './use-reduced-motion.ts';

/** Everything around the screens: theme, data, addresses. */
export function App() {
  const dark = useTheme((state) => state.dark);
  const reducedMotion = useReducedMotion();
  return (
    <ConfigProvider theme={themeOf(dark, reducedMotion)} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
      {/* No element of its own: it would style every link inside. */}
      <AntApp component={false}>
        <QueryClientProvider client={queryClient}>
          <Suspense fallback={<ScreenSkeleton />}>
            <RouterProvider router={router} />
          </Suspense>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
