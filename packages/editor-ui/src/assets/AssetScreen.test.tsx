import type { Asset } from '@imaginarium/protocol';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { aTierQuote } from '../testing/a-tier-quote.ts';
import { ASSET_ID, anAsset, aVersion } from '../testing/an-asset.ts';
import { type FakeAnswer, type FakeCall, fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { AssetScreen } from './AssetScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const ADDRESS = `/assets/${ASSET_ID}`;

function open(asset: Asset, answers: Record<string, FakeAnswer | ((call: FakeCall) => FakeAnswer)> = {}) {
  const calls = fakeApi({ [`GET ${ADDRESS}`]: { body: asset }, ...answers });
  return { calls, ...renderAt(ADDRESS, '/assets/:id', <AssetScreen />) };
}

const quotes = {
  [`GET ${ADDRESS}/quotes`]: {
    body: {
      quotes: [
        aTierQuote('free', 0),
        aTierQuote('standard', 15, ['Faces stay as they are.']),
        aTierQuote('professional', 19),
        aTierQuote('billboard', 75),
      ],
    },
  },
};

test('shows the newest picture over the original, and any other that is chosen', async () => {
  const older = aVersion({ id: '018f2f65-7a3b-7c4d-8e5f-000000000002', tier: 'free', number: 1 });
  open(anAsset({ versions: [aVersion({ number: 2, leftOut: ['Faces stay as they are.'] }), older] }));
  expect(await screen.findByAltText('After: portrait-4x.jpg')).toBeDefined();
  expect(screen.getByAltText('Before: portrait.jpg')).toBeDefined();
  const pressed = (name: string) => screen.getByRole('button', { name }).getAttribute('aria-pressed');
  expect([pressed('Show 4x · Standard'), pressed('Show Original')]).toEqual(['true', 'false']);
  expect(screen.getByText('Faces stay as they are.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Show Original' }));
  expect(screen.getByAltText('portrait.jpg')).toBeDefined();
  expect(screen.queryByAltText('Before: portrait.jpg')).toBeNull();
});

test('upscales by keyboard alone, and says of what was made before that it is there at once', async () => {
  const known = aTierQuote('standard', 0);
  const nodes = known.quote.nodes.map((node) => ({ ...node, cache: 'yes' as const }));
  const { calls } = open(anAsset({ versions: [] }), {
    [`GET ${ADDRESS}/quotes`]: {
      body: {
        quotes: [
          aTierQuote('free', 0),
          {
            ...known,
            quote: { ...known.quote, nodes: [{ ...aTierQuote('free', 0).quote.nodes[0], name: 'Photo' }, ...nodes] },
          },
        ],
      },
    },
    'POST /upscales': { body: {} },
  });
  (await screen.findByRole('button', { name: 'Upscale' })).focus();
  await userEvent.keyboard('{Enter}');
  const standard = await screen.findByRole('radio', { name: /4x · Standard.*at once: it is known from before/ });
  await vi.waitFor(() => expect(document.activeElement).toBe(standard));
  // In a browser, Enter would do here: the story of the browser shows it.
  screen.getByRole('button', { name: 'Upscale for free' }).focus();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() =>
    expect(calls.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      { assetId: ASSET_ID, tier: 'standard', maxCredits: 0 },
    ]),
  );
});

test('upscales by the tier that is chosen, for no more than was shown', async () => {
  const professional = quotes[`GET ${ADDRESS}/quotes`].body.quotes[2]?.quote.nodes[0];
  if (professional) professional.adds = { each: 'face', ms: 2100, onceMs: 38_000 };
  const { calls } = open(anAsset({ versions: [] }), {
    ...quotes,
    'POST /upscales': refusal(409, 'price-changed', 'It costs 20 credits now.'),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Upscale' }));
  const dialog = await screen.findByRole('dialog', { name: 'Upscale Portrait' });
  const standard = await within(dialog).findByRole('radio', { name: /4x · Standard.*2048 × 2048.*15 credits/ });
  expect(standard).toHaveProperty('checked', true);
  expect(within(dialog).getByText('Faces stay as they are.')).toBeDefined();
  await userEvent.click(within(dialog).getByRole('radio', { name: /Billboard/ }));
  expect(within(dialog).getByRole('button', { name: 'Upscale for 75 credits' })).toHaveProperty('disabled', true);
  expect(within(dialog).getByText(/55 credits too few/)).toBeDefined();
  // What nobody can count before is said beside the time.
  const faces = /Professional.*about 8.0 s\+ 2.1 s for each face found, and 38.0 s once/;
  await userEvent.click(within(dialog).getByRole('radio', { name: faces }));
  expect(within(dialog).getByText(/4 credits over what is left of the budget/)).toBeDefined();
  await userEvent.click(standard);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Upscale for 15 credits' }));
  expect((await within(dialog).findByRole('alert')).textContent).toContain('It costs 20 credits now.');
  const sent = calls.filter(({ method }) => method === 'POST').map(({ body }) => body);
  expect(sent).toEqual([{ assetId: ASSET_ID, tier: 'standard', maxCredits: 15 }]);
});

test('says of a tier that would make too much of a picture why it cannot be chosen', async () => {
  const original = { ...anAsset().original, name: 'large.jpg', width: 6000, height: 4000 } as Asset['original'];
  open(anAsset({ original, versions: [] }), quotes);
  await userEvent.click(await screen.findByRole('button', { name: 'Upscale' }));
  const billboard = await screen.findByRole('radio', { name: /16x.*6144 million, and at most 268 million are made/ });
  expect(billboard).toHaveProperty('disabled', true);
  expect(screen.getByRole('radio', { name: /2x/ })).toHaveProperty('checked', true);
});

test('says what became of an original that is gone, and why it cannot be upscaled', async () => {
  open(anAsset({ original: null, originalState: 'archived' }));
  expect(await screen.findByText(/moved to the archive folder/)).toBeDefined();
  const upscale = screen.getByRole('button', { name: 'Upscale' });
  expect([upscale.getAttribute('title'), upscale]).toEqual([
    'The original is not here any more',
    expect.objectContaining({ disabled: true }),
  ]);
  expect(screen.getByAltText('portrait-4x.jpg')).toBeDefined();
});

test('says of an upscale that failed why', async () => {
  const error = { code: 'bad-file', message: 'The picture ends too early.' } as const;
  open(anAsset({ versions: [aVersion({ state: 'failed', file: null, width: null, height: null, error })] }));
  expect(await screen.findByText('The picture ends too early.')).toBeDefined();
  expect(screen.getByText('Failed')).toBeDefined();
  expect(screen.getByAltText('portrait.jpg')).toBeDefined();
});

test('is renamed by Enter, and deleted once that is confirmed', async () => {
  const { calls, router } = open(anAsset(), {
    [`PATCH ${ADDRESS}`]: { body: anAsset({ name: 'Poster' }) },
    [`DELETE ${ADDRESS}`]: { status: 204 },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Rename' }));
  const field = screen.getByRole('textbox', { name: 'Name of the asset' });
  await userEvent.clear(field);
  await userEvent.type(field, 'Poster{Enter}');
  expect(await screen.findByRole('heading', { name: 'Poster' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await screen.findByText('Delete Poster?');
  expect(calls.some(({ method }) => method === 'DELETE')).toBe(false);
  const [, confirm] = screen.getAllByRole('button', { name: 'Delete' });
  await userEvent.click(confirm as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toBe('/assets'));
  expect(calls.filter(({ method }) => method === 'PATCH').map(({ body }) => body)).toEqual([{ name: 'Poster' }]);
});

test('says that an application was not told of an upscale, and tells it again', async () => {
  const version = aVersion();
  const dead = { versionId: version.id, url: 'https://shop.example.com/hook', nextAt: null, attempts: 9 } as const;
  let webhook: object = { ...dead, state: 'dead', error: 'It answered 500.' };
  const { calls } = open(anAsset({ versions: [version] }), {
    [`GET ${ADDRESS}/webhooks`]: () => ({ body: { webhooks: [webhook] } }),
    [`POST /upscales/${version.id}/webhook`]: () => {
      webhook = { ...dead, state: 'sent', error: null };
      return { body: {} };
    },
  });
  expect(await screen.findByText('shop.example.com was not told, after 9 tries: It answered 500.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Tell shop.example.com again' }));
  expect(await screen.findByText('shop.example.com was told.')).toBeDefined();
  expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
