import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { LoginScreen } from './LoginScreen.tsx';
import { safeNext } from './safe-next.ts';

afterEach(() => vi.unstubAllGlobals());

const base = {
  'GET /session': refusal(401, 'not-signed-in', 'Sign in first.'),
  'GET /setup': { body: { required: false, codeRequired: false } },
};

async function signIn() {
  await userEvent.type(await screen.findByLabelText('E-mail'), 'sari@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

test('says that e-mail and password do not fit, and keeps what was typed', async () => {
  fakeApi({ ...base, 'POST /session': refusal(401, 'wrong-password', 'No.') });
  renderAt('/login', '/login', <LoginScreen />);
  await signIn();
  expect(await screen.findByText(/do not fit together/)).toBeDefined();
  expect((screen.getByLabelText('E-mail') as HTMLInputElement).value).toBe('sari@example.com');
});

test('gives the server’s words when it asks for patience', async () => {
  fakeApi({ ...base, 'POST /session': refusal(429, 'too-many-requests', 'Too many tries. Wait 5 minutes.') });
  renderAt('/login', '/login', <LoginScreen />);
  await signIn();
  expect((await screen.findByRole('alert')).textContent).toContain('Too many tries. Wait 5 minutes.');
});

test('brings a person back to where they wanted to go', async () => {
  const session = {
    user: { id: 'u', name: 'Sari', email: 's@e.com' },
    workspace: { id: 'w', name: 'S', role: 'owner' },
  };
  fakeApi({ ...base, 'POST /session': { status: 201, body: session } });
  renderAt('/login?next=%2Fruns%3Fstate%3Dfailed', '/login', <LoginScreen />);
  await signIn();
  expect(await screen.findByText('elsewhere: /runs?state=failed')).toBeDefined();
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '', null])(
  'goes home, not to %j',
  (next) => {
    expect(safeNext(next)).toBe('/');
  },
);
