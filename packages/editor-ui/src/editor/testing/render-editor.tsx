import type { Graph, Workflow } from '@imaginarium/protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { vi } from 'vitest';
import { EditorScreen } from '../EditorScreen.tsx';
import { testTypes } from './node-types.ts';

const at = '2026-11-21T12:04:00.000Z';

/** What a fake server answers to a call; a test overwrites the parts it is about. */
export type Answers = Record<string, (request: { body: unknown; url: URL }) => { status?: number; body: unknown }>;

/** A workflow as the server would give it. */
function aWorkflow(id: string, graph: Graph): Workflow {
  return {
    id,
    name: 'Photo to carousel',
    createdAt: at,
    updatedAt: at,
    latestVersion: null,
    nodeCount: graph.nodes.length,
    cover: null,
    draft: graph,
    revision: 1,
    builtIn: false,
    problems: [],
  };
}

const aQuote = {
  ...{ total: 2, least: 2, most: 2, nodes: [], bundle: null, estimateMs: 4000, measured: false },
  ...{ currency: 'IDR', amount: 200, wallet: null, budget: null },
};

/**
 * Opens the editor on a graph, against answers in place of a server. Gives back the calls that were made. Each workflow has an id of its own:
 * an editor that was left goes on trying to save, and must not be answered for another.
 */
export function renderEditor(graph: Graph, answers: (workflow: string) => Answers = () => ({})) {
  const id = crypto.randomUUID();
  const workflow = aWorkflow(id, graph);
  let revision = 1;
  const all: Answers = {
    [`GET /workflows/${id}`]: () => ({ body: workflow }),
    'GET /node-types': () => ({ body: { packages: [], types: testTypes } }),
    'GET /runs': () => ({ body: { runs: [], nextCursor: null } }),
    [`GET /workflows/${id}/versions`]: () => ({ body: { versions: [] } }),
    [`POST /workflows/${id}/quote`]: () => ({ body: aQuote }),
    [`PUT /workflows/${id}/draft`]: () => ({ body: { revision: ++revision, updatedAt: at, problems: [] } }),
    ...answers(`/workflows/${id}`),
  };
  const calls: { name: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'http://127.0.0.1');
    const name = `${init.method ?? 'GET'} ${url.pathname.replace('/api/v1', '')}`;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    calls.push({ name, body });
    const answer = all[name]?.({ body, url }) ?? {
      status: 404,
      body: { error: { code: 'not-found', message: `${name} is not answered.`, requestId: 'r' } },
    };
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
  const router = createMemoryRouter(
    [
      { path: '/workflows/:id', Component: EditorScreen },
      { path: '*', element: <p>Elsewhere</p> },
    ],
    { initialEntries: [`/workflows/${id}`] },
  );
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { calls, router, workflowId: id };
}
