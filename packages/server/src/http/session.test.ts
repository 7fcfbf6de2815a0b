import supertest from 'supertest';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DatabaseAwayError } from '../adapters/typeorm/database/database-away.ts';
import { callerOf, closeTestApps, cookieOf, OWNER, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

const credentials = { email: OWNER.email, password: OWNER.password };

describe('set-up', () => {
  test('makes the owner once, signs them in, and tells the rest of the server', async () => {
    const told: string[] = [];
    const { app } = await testApp({ onOwnerCreated: async ({ user }) => void told.push(user.email) });
    const call = callerOf(app);
    expect((await call('getSetup')).body).toEqual({ required: true, codeRequired: false });
    const response = await call('setUp', { body: { ...OWNER, email: ' ADA@Example.com ' } });
    expect([response.status, response.body.user.email, response.body.workspace.role]).toEqual([
      201,
      OWNER.email,
      'owner',
    ]);
    expect(told).toEqual([OWNER.email]);
    expect((await callerOf(app, { cookie: cookieOf(response) })('getSession')).status).toBe(200);
    expect((await call('getSetup')).body).toEqual({ required: false, codeRequired: false });
    expect((await call('setUp', { body: OWNER })).body.error.code).toBe('already-set-up');
  });

  test('has one owner when two set up at the same moment', async () => {
    const { app } = await testApp();
    const twice = await Promise.all([callerOf(app)('setUp', { body: OWNER }), callerOf(app)('setUp', { body: OWNER })]);
    expect(twice.map((response) => response.status).sort()).toEqual([201, 409]);
  });

  test('asks for the code of the terminal where other machines reach the server', async () => {
    const { app } = await testApp({ setupCode: 'ABCD-EFGH-JKMN' });
    const call = callerOf(app);
    expect((await call('getSetup')).body).toEqual({ required: true, codeRequired: true });
    for (const code of [undefined, '', 'ABCD-EFGH-JKMP']) {
      const response = await call('setUp', { body: { ...OWNER, code } });
      expect([response.status, response.body.error.code]).toEqual([403, 'wrong-code']);
    }
    expect((await call('setUp', { body: { ...OWNER, code: 'abcd efgh jkmn' } })).status).toBe(201);
  });

  test('without a code is refused to a page whose name was pointed at this machine', async () => {
    const { app } = await testApp();
    const response = await supertest(app).post('/api/v1/setup').set('host', 'evil.example').send(OWNER);
    expect([response.status, response.body.error.code]).toEqual([403, 'not-allowed']);
  });

  test('cannot be forced by guessing codes', async () => {
    const { app } = await testApp({ setupCode: 'ABCD-EFGH-JKMN' });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      statuses.push((await callerOf(app)('setUp', { body: { ...OWNER, code: `WRONG-${attempt}` } })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(403), 429, 429]);
  });
});

describe('a session', () => {
  test('outlives a database that was away for a moment', async () => {
    const { app, deps } = await testApp();
    const { call } = await setUpOwner({ app });
    const get = vi.spyOn(deps.sessionStore, 'get');
    get.mockImplementationOnce((_sid, done) => done(new DatabaseAwayError(new Error('connection terminated'))));
    const response = await call('getSession');
    expect([response.status, response.body.error.code, response.headers['retry-after']]).toEqual([
      503,
      'database-away',
      '5',
    ]);
    expect((await call('getSession')).status).toBe(200);
  });
});

describe('signing in', () => {
  test('gives a new session, which signing out ends for whoever kept its cookie', async () => {
    const world = await testApp();
    const { cookie: first } = await setUpOwner(world);
    const planted = callerOf(world.app, { cookie: first });
    const response = await planted('signIn', { body: credentials });
    const cookie = cookieOf(response);
    expect(response.status).toBe(201);
    expect(cookie).not.toBe(first);
    const [header] = response.headers['set-cookie'] ?? [];
    expect(header).toMatch(/^imaginarium\.sid=.*; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
    expect((await planted('getSession')).status).toBe(401);

    const call = callerOf(world.app, { cookie });
    expect((await call('getSession')).body.user.name).toBe(OWNER.name);
    expect((await call('signOut')).status).toBe(204);
    expect((await call('getSession')).status).toBe(401);
  });

  test('sends the cookie over https only where the public address is https, even if the proxy forgets to say so', async () => {
    const world = await testApp({
      config: { publicUrl: 'https://images.example.com', uploadLimitBytes: 1 },
      setupCode: 'ABCD',
    });
    const response = await callerOf(world.app)('setUp', { body: { ...OWNER, code: 'ABCD' } });
    expect(response.headers['set-cookie']?.[0]).toMatch(/; Secure; SameSite=Lax$/);
  });

  test('gives the same answer, after the same work, for a wrong password and an unknown e-mail', async () => {
    const world = await testApp();
    await setUpOwner(world);
    const tried = async (body: object) => {
      const { status, body: answer } = await callerOf(world.app)('signIn', { body });
      return { status, code: answer.error.code, message: answer.error.message };
    };
    const wrong = { ...credentials, password: 'wrong' };
    const unknown = { email: 'nobody@example.com', password: 'wrong' };
    const answer = await tried(wrong);
    expect(answer).toEqual({ status: 401, code: 'wrong-password', message: expect.any(String) });
    expect(await tried(unknown)).toEqual(answer);
    // What the process works, on all its threads: a password is nine tenths of it. Others at work only add, so the least counts.
    const least = async (body: object) => {
      const each: number[] = [];
      for (let time = 0; time < 4; time++) {
        const before = process.cpuUsage();
        await tried(body);
        const { user, system } = process.cpuUsage(before);
        each.push(user + system);
      }
      return Math.min(...each);
    };
    expect(await least(unknown)).toBeGreaterThan((await least(wrong)) / 2);
  });

  test('says so when there is no owner yet', async () => {
    const response = await callerOf((await testApp()).app)('signIn', { body: credentials });
    expect([response.status, response.body.error.code]).toEqual([409, 'setup-required']);
  });

  test('is slowed down for an account after ten failures, and says for how long', async () => {
    const world = await testApp();
    await setUpOwner(world);
    const call = callerOf(world.app);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++)
      statuses.push((await call('signIn', { body: { ...credentials, password: 'wrong' } })).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const locked = await call('signIn', { body: credentials });
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    // Another account is not locked with it.
    expect((await call('signIn', { body: { email: 'other@example.com', password: 'x' } })).status).toBe(401);
  });

  test('leaves no password, cookie or key in the log', async () => {
    const world = await testApp();
    const { cookie, call } = await setUpOwner(world);
    const { key } = (await call('createApiKey', { body: { name: 'ci' } })).body;
    await callerOf(world.app, { authorization: `Bearer ${key}` })('listWorkflows');
    await callerOf(world.app)('signIn', { body: { ...credentials, password: 'mistyped secret' } });
    world.deps.logger.error({ headers: { authorization: key, cookie }, password: OWNER.password }, 'careless');
    const log = world.logLines.join('\n');
    expect(world.logLines.length).toBeGreaterThan(3);
    for (const secret of [OWNER.password, 'mistyped secret', key, cookie.split('=')[1] as string])
      expect(log).not.toContain(secret);
  });
});

describe('a request from another site', () => {
  test.each([
    ['a foreign Origin', { origin: 'https://evil.example' }, 403],
    ['an Origin that only begins like ours', { origin: 'http://127.0.0.1.evil.example' }, 403],
    ['an opaque Origin', { origin: 'null' }, 403],
    ['no Origin, but a browser that says it crosses sites', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 201],
    ['a program', {}, 201],
  ])('with %s may change something: %o -> %i', async (_what, headers, status) => {
    const world = await testApp();
    const { cookie } = await setUpOwner(world);
    const response = await callerOf(world.app, { cookie, ...headers })('createWorkflow', { body: { name: 'W' } });
    expect(response.status).toBe(status);
    if (status === 403) expect(response.body.error.code).toBe('foreign-origin');
  });

  test('may neither sign anybody in, nor set the server up', async () => {
    const { app } = await testApp();
    const evil = callerOf(app, { origin: 'https://evil.example' });
    expect((await evil('setUp', { body: OWNER })).body.error.code).toBe('foreign-origin');
    expect((await evil('signIn', { body: credentials })).body.error.code).toBe('foreign-origin');
  });

  test('is our own by the public address, or by the host that was asked', async () => {
    const world = await testApp({
      config: { publicUrl: 'https://images.example.com', uploadLimitBytes: 1 },
      setupCode: 'A',
    });
    const call = (origin: string, host: string) => supertest(world.app).delete('/api/v1/session').set({ origin, host });
    expect((await call('https://images.example.com', '10.0.0.5:4680')).status).toBe(401);
    expect((await call('http://192.168.1.4:4680', '192.168.1.4:4680')).status).toBe(401);
    expect((await call('http://images.example.com', '10.0.0.5:4680')).status).toBe(403);
  });
});

describe('an API key', () => {
  test('speaks for its maker until it is revoked, and is shown once', async () => {
    const world = await testApp();
    const { call } = await setUpOwner(world);
    const made = await call('createApiKey', { body: { name: 'ci' } });
    expect(made.body.key).toMatch(/^img_[\w-]{40}$/);
    expect(made.body.prefix).toBe(made.body.key.slice(0, 8));
    const listed = await call('listApiKeys');
    expect(listed.text).not.toContain(made.body.key);
    const byKey = callerOf(world.app, { authorization: `Bearer ${made.body.key}`, origin: 'https://anywhere.example' });
    expect((await byKey('createWorkflow', { body: { name: 'By key' } })).status).toBe(201);
    expect((await byKey('signOut')).status).toBe(400);
    expect((await call('deleteApiKey', { params: { id: made.body.id } })).status).toBe(204);
    expect((await byKey('listWorkflows')).status).toBe(401);
  });

  test('makes no session', async () => {
    const world = await testApp();
    const { call } = await strangerOf(world);
    const response = await call('listWorkflows');
    expect([response.status, response.headers['set-cookie']]).toEqual([200, undefined]);
  });
});
