import type { ModelState } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { aModel } from '../testing/a-model.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { ModelsScreen } from './ModelsScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const speed = {
  sha256: '0'.repeat(64),
  msPerMegapixel: 3200,
  peakMemoryMb: 300,
  measuredAt: '2026-11-21T00:00:00.000Z',
};
const ours = aModel({ name: 'ours', title: 'Ours', origin: 'shipped' }, { state: 'installed', pullable: false, speed });
const show = (models: ModelState[], mayChange = true) => {
  const calls = fakeApi({
    'GET /models': { body: { models, mayChange } },
    'POST /models/tiny/pull': { status: 202, body: aModel({}) },
    'POST /models/tiny/pull/cancel': { body: aModel({}) },
  });
  renderAt('/models', '/models', <ModelsScreen />);
  return calls;
};
const row = async (name: string) => within(await screen.findByRole('listitem', { name }));

test('lists models by task with size, licence, and the time they take here', async () => {
  show([ours, aModel({}), aModel({ name: 'faces', title: 'Faces', task: 'face-detection' })]);
  const shown = await row('Ours');
  for (const text of ['Comes with Imaginarium', '4x', '473 kB', '3.2 s a megapixel here', 'Apache-2.0'])
    expect(shown.getByText(text)).toBeDefined();
  expect(shown.queryByRole('button', { name: 'Install Ours' })).toBeNull();
  expect((await row('Tiny')).getByText('Not installed')).toBeDefined();
  expect(screen.getByRole('heading', { name: 'Finding faces' })).toBeDefined();
});

test('shows how far a download is, and cancels it', async () => {
  const pull = { state: 'pulling', bytes: 100_000, total: 473_285, message: null } as const;
  const calls = show([aModel({}, { pull })]);
  const shown = await row('Tiny');
  expect(shown.getByText('100 kB of 473 kB')).toBeDefined();
  await userEvent.click(shown.getByRole('button', { name: 'Cancel fetching Tiny' }));
  expect(calls).toContainEqual(expect.objectContaining({ method: 'POST', path: '/models/tiny/pull/cancel' }));
});

test('says why a download failed, and installs again', async () => {
  const pull = { state: 'failed', bytes: 0, total: 473_285, message: 'It answers with 404.' } as const;
  const calls = show([aModel({}, { pull })]);
  const shown = await row('Tiny');
  expect(shown.getByRole('alert').textContent).toBe('The download did not come to its end. It answers with 404.');
  await userEvent.click(shown.getByRole('button', { name: 'Install Tiny' }));
  expect(calls.find(({ method }) => method === 'POST')).toMatchObject({ path: '/models/tiny/pull', body: {} });
});

test('has a licence accepted that is not for commercial use', async () => {
  const licence = { name: 'S-Lab', url: null, note: 'For research.' };
  const calls = show([aModel({ commercial: false, licence })]);
  const shown = await row('Tiny');
  expect(shown.getByText('Not for commercial use')).toBeDefined();
  await userEvent.click(shown.getByRole('button', { name: 'Install Tiny' }));
  expect(await screen.findByText('Tiny may not be used commercially. For research.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Accept and install' }));
  expect(calls.find(({ method }) => method === 'POST')).toMatchObject({ body: { acceptLicence: true } });
});

test('says how a model is made that nobody hosts', async () => {
  show([aModel({ url: null, convert: 'Export it with torch.', unknown: ['Its radius.'] }, { pullable: false })]);
  await userEvent.click((await row('Tiny')).getByText('How to install it'));
  expect(screen.getByText('Export it with torch.')).toBeDefined();
  expect(screen.getByText('Its radius.')).toBeDefined();
});

test('tells others who changes models, that there are none, and why they cannot be seen', async () => {
  show([aModel({})], false);
  expect(await screen.findByText(/the owner of the server installs and removes them/)).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Install Tiny' })).toBeNull();
  document.body.innerHTML = '';
  show([]);
  expect(await screen.findByText('No models here')).toBeDefined();
  document.body.innerHTML = '';
  fakeApi({ 'GET /models': refusal(500, 'internal', 'The disk is gone.') });
  renderAt('/models', '/models', <ModelsScreen />);
  expect(await screen.findByText('The disk is gone.')).toBeDefined();
});
