import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import AntApp from 'antd/es/app';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { queryClient } from '../api/query-client.ts';

/** Renders a screen at an address of the app, with everything a screen expects around it. Other addresses show their path. */
export function renderAt(address: string, path: string, screen: ReactNode) {
  queryClient.clear();
  // A test waits for the first answer, not for the third.
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createMemoryRouter(
    [
      { path, element: screen },
      { path: '*', Component: () => <p>elsewhere: {router.state.location.pathname + router.state.location.search}</p> },
    ],
    { initialEntries: [address] },
  );
  return {
    router,
    ...render(
      <AntApp>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>,
    ),
  };
}
