import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { act } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { queryClient } from '../api/query-client.ts';
import { aPicture } from '../testing/an-asset.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { DeepZoom } from './DeepZoom.tsx';
import type { TileViewOptions } from './tile-view.ts';

const views: TileViewOptions[] = [];
// The viewer draws on a canvas, which only a browser has: the browser run looks at it.
vi.mock('./tile-view.ts', () => ({
  TileView: class {
    constructor(options: TileViewOptions) {
      views.push(options);
    }
    split() {}
    close() {}
  },
}));

afterEach(() => {
  vi.unstubAllGlobals();
  views.length = 0;
});

const [result, before] = [aPicture('result.jpg', 8192), aPicture('before.jpg', 6000)];
const tiles = (side: number) => ({
  body: { state: 'ready', width: side, height: side, tileSize: 512, overlap: 1, format: 'jpeg' },
});
const lacking = 'The picture it was made from could not be loaded, so there is nothing to compare.';

async function open(ofBefore: Parameters<typeof fakeApi>[0][string]) {
  fakeApi({ [`GET /files/${result.id}/tiles`]: tiles(8192), [`GET /files/${before.id}/tiles`]: ofBefore });
  queryClient.clear();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  render(
    <QueryClientProvider client={queryClient}>
      <DeepZoom file={result} before={before} />
    </QueryClientProvider>,
  );
  await vi.waitFor(() => expect(views.length).toBeGreaterThan(0));
}

test('shows a result alone, and says so, where the tiles of what it was made from cannot be had', async () => {
  await open(refusal(404, 'not-found', 'It is gone.'));
  expect(await screen.findByText(lacking)).toBeDefined();
  expect(views.at(-1)).toMatchObject({ picture: { file: result }, before: undefined });
  expect(screen.queryByText('Before')).toBeNull();
});

test('says so too where its tiles are lost again after they were cut anew', async () => {
  await open(tiles(6000));
  expect(views.at(-1)?.before?.file).toEqual(before);
  await act(async () => views.at(-1)?.onLost('before'));
  await vi.waitFor(() => expect(views.length).toBe(2));
  expect(screen.queryByText(lacking)).toBeNull();
  await act(async () => views.at(-1)?.onLost('before'));
  expect(await screen.findByText(lacking)).toBeDefined();
});
