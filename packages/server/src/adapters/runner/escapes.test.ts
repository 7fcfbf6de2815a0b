import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CodeProgram } from '@imaginarium/node-sdk';
import { TestCode } from '@imaginarium/node-sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runnerPermissions } from './runner-permissions.ts';
import { RunnerPool } from './runner-pool.ts';

const CANARY = 'canary-7f3a91c2';
let folder: string;
let canaryFile: string;
let pool: RunnerPool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escapes-'));
  canaryFile = join(folder, 'canary.txt');
  await writeFile(canaryFile, CANARY);
  process.env.IMAGINARIUM_CANARY = CANARY;
  pool = new RunnerPool({ folder: join(folder, 'empty'), concurrency: 2, timeoutMs: 1000, memoryMb: 64 });
});

afterAll(async () => {
  delete process.env.IMAGINARIUM_CANARY;
  pool.close();
  await rm(folder, { recursive: true, force: true });
});

/** What an escape would do with the process it got hold of. */
const loot = () =>
  `[p && p.env && p.env.IMAGINARIUM_CANARY, p && p.mainModule && p.mainModule.require("fs").readFileSync(${JSON.stringify(canaryFile)}, "utf8"), p && p.getBuiltinModule && p.getBuiltinModule("fs").readFileSync(${JSON.stringify(canaryFile)}, "utf8"), p && p.binding && "binding", typeof p]`;

/** Ways to a process object, each an expression. They are tried as expressions and inside a function. */
const WAYS: Record<string, string> = {
  'the global object': 'globalThis.process',
  'this of a plain call': '(function () { return this })()?.process',
  'the constructor of a function': '(() => {}).constructor("return process")()',
  'the constructor of a value': 'item.constructor.constructor("return process")()',
  'the constructor of a text': '"".constructor.constructor("return process")()',
  Function: 'Function("return process")()',
  eval: 'eval("process")',
  'indirect eval': '(0, eval)("process")',
  'the constructor of asynchronous functions': '(async () => {}).constructor("return process")()',
  'the constructor of generators': '(function* () {}).constructor("return process")().next().value',
  'the constructor of asynchronous generators': '(async function* () {}).constructor("return process")()',
  require: 'require("process")',
  'module.require': 'module.require("process")',
  'import()': 'import("node:process")',
  'import() made by Function': 'Function("return import(\'node:process\')")()',
  'import.meta': 'Function("return import.meta")()',
  'Error.prepareStackTrace':
    '(() => { Error.prepareStackTrace = (e, frames) => frames; const seen = new Error().stack; return seen.map((f) => f.getThis?.() ?? f.getFunction?.()).map((x) => x?.process ?? x?.constructor?.constructor?.("return process")()).find(Boolean) })()',
  'the callers of a function': '(function f() { return f.caller?.constructor("return process")() })()',
  'arguments.callee': '(function () { return arguments.callee.caller("return process") })()',
  'a stack overflow in the host':
    '(() => { const f = () => f(); try { f() } catch (e) { return e.constructor.constructor("return process")() } })()',
  'an error of the host':
    '(() => { try { null.x } catch (e) { return e.constructor.constructor("return process")() } })()',
  'a proxy as the value': 'new Proxy({}, { get: (t, k, r) => r.constructor?.constructor?.("return process")() })',
  'a proxy as a prototype': 'Object.create(new Proxy({}, { getPrototypeOf: () => Function.prototype }))',
  'a getter': '({ get process() { return this.constructor.constructor("return process")() } }).process',
  toJSON: '({ toJSON() { return this.constructor.constructor("return process")() } })',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the guest's template.
  'Symbol.toPrimitive': '`${{ [Symbol.toPrimitive]() { return process.env.IMAGINARIUM_CANARY } }}`',
  'Symbol.species':
    '(() => { class A extends Array { static get [Symbol.species]() { return process } } return new A(1).map((x) => x) })()',
  'Symbol.unscopables': 'Function("with (globalThis) { return process }")()',
  'a tagged template': '((s) => s.constructor.constructor("return process")())`x`',
  'a thrown object without prototype':
    '(() => { throw Object.assign(Object.create(null), { toString: () => process.env.IMAGINARIUM_CANARY }) })()',
  Reflect: 'Reflect.construct(Function, ["return process"])()',
  'a finalizer': 'new FinalizationRegistry((x) => x).constructor.constructor("return process")()',
  'a weak reference': 'new WeakRef(globalThis).deref().process',
  console: 'console.log.constructor("return process")()',
  'the own console': 'console.log.caller ?? console.constructor.constructor("return process")()',
  WebAssembly: 'new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) && process',
  'shared memory': 'new SharedArrayBuffer(8) && process',
  Atomics: 'Atomics.load && process',
  'the isolate itself':
    '(typeof ivm === "object" ? ivm : typeof _ivm === "object" ? _ivm : isolate).constructor.constructor("return process")()',
  'the channel to the server': 'process.send({ type: "done", text: "forged" })',
  fetch: 'fetch("http://127.0.0.1").constructor.constructor("return process")()',
  setTimeout: 'setTimeout(() => {}).constructor.constructor("return process")()',
  'a worker': 'new Worker("").constructor.constructor("return process")()',
  'a pattern': '/a/.constructor.constructor("return process")()',
  'pollution of what the host might read':
    '(() => { Object.prototype.env = { IMAGINARIUM_CANARY: 1 }; Object.prototype.shell = true; return ({}).process })()',
  'closing the function early': '1)); globalThis.p = process; ((',
};

const kinds: [string, (way: string) => CodeProgram][] = [
  [
    'an expression',
    (way) => ({
      ...{ kind: 'expressions', language: 'javascript', shared: { run: {} }, rows: [{ item: {} }] },
      sources: [`((p) => ${loot()})(${way})`],
    }),
  ],
  [
    'a function',
    (way) => ({
      ...{ kind: 'function', language: 'javascript', shared: { run: {} }, rows: [{ item: {} }] },
      sources: [`const p = await (${way});\nconsole.log(p);\nreturn ${loot()};`],
    }),
  ],
];

describe.each(kinds)('%s', (_kind, programFor) => {
  it.each(Object.entries(WAYS))('gets nowhere by %s', async (_name, way) => {
    const ended = await pool
      .run('ours', programFor(way), new AbortController().signal)
      .catch((error: Error) => error.message);
    const text = JSON.stringify(ended);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('forged');
    expect(text).not.toContain('"binding"');
    // Where something came back, it was no process.
    expect(text).not.toMatch(/"value":\[.*"env"/);
  });
});

it('would have seen an escape: without a wall the same way leads out', async () => {
  const [, programFor] = kinds[0] as (typeof kinds)[number];
  const outcome = await new TestCode().evaluate(programFor(WAYS['the constructor of a value'] as string));
  expect(JSON.stringify(outcome)).toContain(CANARY);
});

it('finds nothing but the language and a console, however it is walked', async () => {
  const walk = `
    const seen = new Set(), names = new Set();
    const visit = (value, path) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || path.length > 6) return;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        names.add(String(key));
        let found;
        try { const d = Reflect.getOwnPropertyDescriptor(value, key); found = d.value ?? d.get; } catch { continue; }
        visit(found, [...path, key]);
      }
      visit(Reflect.getPrototypeOf(value), [...path, 'proto']);
    };
    visit(globalThis, []);
    return { globals: Object.getOwnPropertyNames(globalThis), names: [...names] };`;
  const program = { kind: 'function', language: 'javascript', sources: [walk], shared: {}, rows: [{}] } as const;
  const { results } = await pool.run('ours', program, new AbortController().signal);
  const [result] = results.flat() as { value?: Record<'globals' | 'names', string[]> }[];
  const { globals = [], names = [] } = result?.value ?? {};
  expect(names.length).toBeGreaterThan(200);
  const known = new Set(Object.getOwnPropertyNames(globalThis));
  expect(globals.filter((name) => !known.has(name))).toEqual([]);
  const handles =
    /^(Reference|ExternalCopy|Callback|Isolate|NativeModule|derefInto|applySync|getSync|process|require|module|fetch|setTimeout|queueMicrotask|structuredClone|WebAssembly|SharedArrayBuffer|Atomics)$/;
  expect(names.filter((name) => handles.test(name))).toEqual([]);
});

describe('the process behind the isolate', () => {
  /** Runs a script in Node with the rights, environment and folder of a runner process. */
  async function outcomeOf(script: string): Promise<string> {
    const args = [
      ...runnerPermissions(),
      '--input-type=module',
      '-e',
      `try { ${script} } catch (error) { console.log(error.code ?? error.message) }`,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: {}, cwd: join(folder, 'empty') });
    return stdout.trim();
  }

  it('reads no file, writes none, and starts no process or thread', async () => {
    const path = JSON.stringify(canaryFile);
    const fs = 'const fs = await import("node:fs");';
    expect(await outcomeOf(`${fs} console.log(fs.readFileSync(${path}, "utf8"))`)).toBe('ERR_ACCESS_DENIED');
    expect(await outcomeOf(`${fs} console.log(fs.readdirSync("/"))`)).toBe('ERR_ACCESS_DENIED');
    expect(await outcomeOf(`${fs} fs.writeFileSync("here", "x"); console.log("written")`)).toBe('ERR_ACCESS_DENIED');
    expect(
      await outcomeOf('const { execSync } = await import("node:child_process"); console.log(execSync("id"))'),
    ).toBe('ERR_ACCESS_DENIED');
    expect(
      await outcomeOf(
        'const { Worker } = await import("node:worker_threads"); new Worker("1", { eval: true }); console.log("started")',
      ),
    ).toBe('ERR_ACCESS_DENIED');
  });

  it('reaches no network and sees no environment', async () => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits++;
      response.end(CANARY);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const told = await outcomeOf(
      `const answer = await fetch("http://127.0.0.1:${port}").catch((error) => error.cause ?? error); console.log(answer.code ?? answer.status)`,
    );
    expect(told).toBe('ERR_ACCESS_DENIED');
    expect(hits).toBe(0);
    server.close();
    expect(await outcomeOf('console.log(JSON.stringify(process.env))')).toBe('{}');
  });
});
