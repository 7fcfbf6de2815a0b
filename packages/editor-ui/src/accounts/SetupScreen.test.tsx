import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { SetupScreen } from './SetupScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const anonymous = { 'GET /session': refusal(401, 'not-signed-in', 'Sign in first.') };
const waiting = { ...anonymous, 'GET /setup': { body: { required: true, codeRequired: true } } };
const session = {
  user: { id: '018f2f65-7a3b-7c4d-8e5f-0123456789ab', name: 'Sari', email: 'sari@example.com' },
  workspace: { id: '018f2f65-7a3b-7c4d-8e5f-0123456789ac', name: 'Sari', role: 'owner' },
};

async function fillIn(code: string) {
  await userEvent.type(await screen.findByLabelText('Your name'), 'Sari');
  await userEvent.type(screen.getByLabelText('E-mail'), 'Sari@Example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse');
  await userEvent.type(screen.getByLabelText('Set-up code'), code);
  await userEvent.click(screen.getByRole('button', { name: 'Create owner and open' }));
}

test('shows nothing red before a field was touched, and names every error when sent', async () => {
  const calls = fakeApi(waiting);
  renderAt('/setup', '/setup', <SetupScreen />);
  const name = await screen.findByLabelText('Your name');
  expect(name.getAttribute('aria-invalid')).toBe('false');
  await userEvent.click(screen.getByRole('button', { name: 'Create owner and open' }));
  expect(screen.getByText('Type an address such as you@example.com.')).toBeDefined();
  expect(screen.getByText('Use at least 10 characters.')).toBeDefined();
  expect(screen.getByText("Type the code from the server's terminal.")).toBeDefined();
  expect(document.activeElement).toBe(name);
  expect(calls.some(({ method }) => method === 'POST')).toBe(false);
});

test('puts a wrong code beside the code', async () => {
  fakeApi({ ...waiting, 'POST /setup': refusal(403, 'wrong-code', 'The code does not fit.') });
  renderAt('/setup', '/setup', <SetupScreen />);
  await fillIn('0000');
  expect(await screen.findByText('The code does not fit.')).toBeDefined();
  expect(screen.getByLabelText('Set-up code').getAttribute('aria-invalid')).toBe('true');
});

test('makes the owner and goes home', async () => {
  const calls = fakeApi({ ...waiting, 'POST /setup': { status: 201, body: session } });
  renderAt('/setup', '/setup', <SetupScreen />);
  await fillIn('1234');
  expect(await screen.findByText('elsewhere: /')).toBeDefined();
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'Sari',
    email: 'Sari@Example.com',
    password: 'correct horse',
    code: '1234',
  });
});

test('sends to signing in when the server has its owner', async () => {
  fakeApi({ ...anonymous, 'GET /setup': { body: { required: false, codeRequired: false } } });
  renderAt('/setup', '/setup', <SetupScreen />);
  expect(await screen.findByText('elsewhere: /login')).toBeDefined();
});
