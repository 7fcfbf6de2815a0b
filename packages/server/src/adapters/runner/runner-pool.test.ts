import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodeProgram, NonRetryableError } from '@imaginarium/node-sdk';
import type { Json, JsonObject } from '@imaginarium/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunnerPool } from './runner-pool.ts';

const never = new AbortController().signal;
let folder: string;
let pool: RunnerPool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-'));
  pool = new RunnerPool({ folder: join(folder, 'empty'), concurrency: 2, timeoutMs: 1000, memoryMb: 64 });
});

afterAll(async () => {
  pool.close();
  await rm(folder, { recursive: true, force: true });
});

function expressions(sources: string[], rows: JsonObject[] = [{ item: {} }], shared: JsonObject = {}): CodeProgram {
  return { kind: 'expressions', language: 'javascript', sources, shared, rows };
}

function aFunction(
  source: string,
  rows: JsonObject[] = [{ item: {} }],
  changes: Partial<CodeProgram> = {},
): CodeProgram {
  return { kind: 'function', language: 'javascript', sources: [source], shared: {}, rows, ...changes };
}

const run = (program: CodeProgram, workspaceId = 'ours') => pool.run(workspaceId, program, never);

/** What one expression gives for one row. */
async function evaluate(source: string): Promise<Json> {
  const [result] = (await run(expressions([source]))).results.flat();
  if (result && 'value' in result) return result.value;
  throw new Error(result?.error);
}

describe('what programs give', () => {
  it('gives a value for each row and source', async () => {
    const rows = [{ item: { price: 2 } }, { item: { price: 3 } }];
    const { results } = await run(expressions(['item.price * factor', 'String(item.price)'], rows, { factor: 10 }));
    expect(results).toEqual([
      [{ value: 20 }, { value: '2' }],
      [{ value: 30 }, { value: '3' }],
    ]);
  });

  it('lets one source or row fail without the others', async () => {
    const rows = [{ item: null }, { item: { a: { b: 1 } } }];
    const { results } = await run(expressions(['item.a.b', '1 +', '2'], rows));
    expect(results).toEqual([
      [
        { error: expect.stringContaining("TypeError: Cannot read properties of null (reading 'a') (line 1)") },
        { error: expect.stringContaining('SyntaxError') },
        { value: 2 },
      ],
      [{ value: 1 }, { error: expect.stringContaining('SyntaxError') }, { value: 2 }],
    ]);
  });

  it('gives each row all that it has, whatever several of them have in common', async () => {
    const part = fc.constantFrom<Json>({ deep: [1, { two: 'ü"' }] }, ['list'], {}, [], null, 'text', 3);
    const holder = fc.dictionary(fc.constantFrom('value', 'first', '2', 'ключ'), part, { maxKeys: 4 });
    const value = fc.oneof(holder, fc.array(fc.oneof(holder, part), { maxLength: 3 }), part);
    const rows = fc.array(fc.record({ item: value, items: value }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const { results } = await run(expressions(['[item, items]'], given));
        // As text: the order of the names counts too.
        const wanted = given.map(({ item, items }) => [{ value: [item, items] }]);
        expect(JSON.stringify(results)).toBe(JSON.stringify(wanted));
      }),
      { numRuns: 50 },
    );
  });

  it('gives each row a copy of its own of what they have in common', async () => {
    const value = { seen: 0 };
    const rows = [{ item: { value } }, { item: { value } }];
    const { results } = await run(aFunction('item.value.seen += 1; return item.value;', rows));
    expect(results).toEqual([[{ value: { seen: 1 } }], [{ value: { seen: 1 } }]]);
  });

  it('waits for a function, and says in which line of it something went wrong', async () => {
    const { results } = await run(
      aFunction('const x = await Promise.all([1, item.n]);\nreturn x;', [{ item: { n: 2 } }]),
    );
    expect(results).toEqual([[{ value: [1, 2] }]]);
    const failed = await run(aFunction('let x;\n\nreturn x.y;'));
    expect(failed.results).toEqual([[{ error: expect.stringMatching(/^TypeError: .*\(line 3\)$/) }]]);
  });

  it('reads TypeScript', async () => {
    const source = 'const twice = (n: number): number => n * 2;\nreturn twice(item.n as number);';
    const { results } = await run(aFunction(source, [{ item: { n: 4 } }], { language: 'typescript' }));
    expect(results).toEqual([[{ value: 8 }]]);
  });

  it('hands over what was written to the console, up to a limit', async () => {
    const { logs } = await run(
      aFunction('console.log("a", { b: 1 }); console.warn(item); console.error(new Error("x"))'),
    );
    expect(logs).toMatchObject([
      { level: 'info', message: 'a {"b":1}' },
      { level: 'warn', message: '{}' },
      { level: 'error', message: expect.stringContaining('Error: x') },
    ]);
    const many = await run(aFunction('for (let n = 0; n < 1e5; n++) console.log("x".repeat(1e4))'));
    expect(many.logs).toHaveLength(201);
    expect(many.logs.at(-1)).toEqual({ level: 'warn', message: '99800 more lines were not kept.' });
    expect(Math.max(...many.logs.map(({ message }) => message.length))).toBe(2000);
  });

  it.each<[string, Json]>([
    ['undefined', null],
    ['({ a: undefined, b: [undefined] })', { b: [null] }],
    ['new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['-0', 0],
    ['({ toJSON: () => 5 })', 5],
    ['new Proxy({ a: 1 }, {})', { a: 1 }],
  ])('makes JSON of %s', async (source, value) => expect(await evaluate(source)).toEqual(value));

  it.each([
    ['0 / 0', 'It gave NaN, which JSON cannot hold'],
    ['({ a: [1 / 0] })', '"0" is Infinity'],
    ['10n', 'a BigInt, which JSON cannot hold: use Number(...) or String(...)'],
    ['() => 1', 'It gave a function'],
    ['Symbol()', 'It gave a symbol'],
    ['new Date(NaN)', 'It gave a date that is none'],
    ['new Map()', 'a Map, which JSON cannot hold'],
    ['Promise.resolve(1)', 'a promise, and an expression does not wait'],
    ['((a) => (a.self = a))({})', 'circular'],
    ['(() => { let a = []; for (let n = 0; n < 40; n++) a = [a]; return a })()', 'nested more than 32 levels'],
    ['JSON.parse(\'{"__proto__": 1}\')', 'no key may be called __proto__'],
    ['"\\u0000"', 'a NUL character'],
    ['"\\ud800"', 'half a character'],
    ['({ get a() { throw new Error("trap") } })', 'Error: trap'],
    ['new Proxy({}, { ownKeys() { throw null } })', 'It threw null'],
    ['(() => { throw Object.create(null) })()', 'It threw'],
    ['(() => { throw { toString() { throw 1 } } })()', 'It threw'],
    ['((f) => f(f))((f) => f(f))', 'RangeError: Maximum call stack'],
  ])('says why %s cannot be stored', async (source, message) => expect(evaluate(source)).rejects.toThrow(message));

  it('does not believe results that the code wrote itself', async () => {
    const forge =
      'Object.prototype.toJSON = () => 1; Array.prototype.map = () => [[{ value: 2 }]]; Array.prototype.join = () => "x";';
    await expect(run(aFunction(`${forge} return 3`))).rejects.toThrow('they cannot be read');
    expect((await run(aFunction('return 3'))).results).toEqual([[{ value: 3 }]]);
  });

  it('refuses more than 200,000 characters of code', async () => {
    await expect(run(expressions([`${' '.repeat(200_000)}1`]))).rejects.toThrow('at most 200000 are allowed');
  });
});

/** Programs that never end, and what is said of them. */
const endless: [string, string, RegExp][] = [
  ['an endless loop', 'for (;;);', /longer than its limit of 1 s/],
  ['an endless loop of promises', 'for (;;) await 0', /longer than its limit of 1 s/],
  ['a pattern that never ends', 'return /^(a+)+$/.test("a".repeat(40) + "!")', /longer than its limit of 1 s/],
  ['arithmetic that cannot be interrupted', 'return String(10n ** (10n ** 8n)).length', /its limit of/],
  ['a promise that never settles', 'await new Promise(() => {})', /a promise that nothing settles/],
];

/** Programs that take memory without end. */
const greedy: [string, string, RegExp][] = [
  ['objects', 'const all = []; for (;;) all.push({ all: [1, 2, 3] })', /limit of 64 MB/],
  ['text', 'const all = []; for (let n = 0; ; n++) all.push(String(n).repeat(1e5).split(""))', /limit of 64 MB/],
  ['one array that ends its process', 'return Array(1e9).fill(0).length', /limit of 64 MB/],
  ['a result that is too large', 'return "x".repeat(33e6)', /larger than 32 MB|limit of 64 MB/],
];

describe('programs that go wrong', { timeout: 60_000 }, () => {
  // On a busy machine it takes long to fill the memory.
  const patient = () => new RunnerPool({ folder: join(folder, 'b'), concurrency: 1, timeoutMs: 30_000, memoryMb: 64 });

  it.each(endless)('ends %s, and goes on with the next', async (_name, source, message) => {
    const failed = run(aFunction(source));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(NonRetryableError);
    expect((await run(aFunction('return 1'))).results).toEqual([[{ value: 1 }]]);
  });

  it.each(greedy)('ends what fills the memory with %s, and goes on with the next', async (_name, source, message) => {
    const own = patient();
    await expect(own.run('ours', aFunction(source), never)).rejects.toThrow(message);
    expect((await own.run('ours', aFunction('return 1'), never)).results).toEqual([[{ value: 1 }]]);
    own.close();
  });

  it('gives no buffers beyond the limit', async () => {
    const own = patient();
    const bomb = aFunction('const all = []; for (;;) all.push(new ArrayBuffer(10_000_000).slice(0))');
    const failed = own.run('ours', bomb, never);
    await expect(failed.then(({ results }) => Promise.reject(new Error(JSON.stringify(results))))).rejects.toThrow(
      /limit of 64 MB|allocation failed/,
    );
    own.close();
  });

  it('is cancelled at once', async () => {
    const controller = new AbortController();
    const failed = pool.run('ours', aFunction('for (;;);'), controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 200);
    await expect(failed).rejects.toThrow('enough');
  });

  it('does no harm to another workspace, fifty times beside fifty', { timeout: 120_000 }, async () => {
    const two = new RunnerPool({ folder: join(folder, 'two'), concurrency: 2, timeoutMs: 300, memoryMb: 64 });
    const bad = [
      'for (;;);',
      'return Array(1e9).fill(0).length',
      'await new Promise(() => {})',
      'throw 1',
      'const a = []; for (;;) a.push({ a: [] })',
    ];
    const wild = Array.from({ length: 50 }, (_, n) => two.run('wild', aFunction(bad[n % bad.length] as string), never));
    let allEnded = false;
    const ended = Promise.allSettled(wild).finally(() => {
      allEnded = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const good = await Promise.all(
      Array.from({ length: 50 }, (_, n) => two.run('good', aFunction(`return ${n}`), never)),
    );
    expect(good.map(({ results }) => results)).toEqual(Array.from({ length: 50 }, (_, n) => [[{ value: n }]]));
    // They did not wait for all that never ends.
    expect(allEnded).toBe(false);
    const outcomes = await ended;
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(40);
    two.close();
  });
});

describe('one program and the next', () => {
  it('leaves nothing behind for the next of the same workspace', async () => {
    await run(
      aFunction(
        'globalThis.left = 1; Object.prototype.polluted = 1; JSON.stringify = () => "{}"; Promise.prototype.then = null; return 1',
      ),
    );
    expect(await evaluate('[typeof left, ({}).polluted ?? null, JSON.stringify([1])]')).toEqual([
      'undefined',
      null,
      '[1]',
    ]);
  });

  it('leaves nothing behind for another workspace', async () => {
    const one = new RunnerPool({ folder: join(folder, 'one'), concurrency: 1, timeoutMs: 1000, memoryMb: 64 });
    await one.run('a', aFunction('globalThis.secret = "s3cret"; Array.prototype.stolen = 1; return 1'), never);
    const source = 'typeof secret + [].stolen';
    expect((await one.run('b', expressions([source]), never)).results).toEqual([[{ value: 'undefinedundefined' }]]);
    one.close();
  });

  it('stands in an empty folder and leaves nothing there', async () => {
    expect(await readdir(join(folder, 'empty'))).toEqual([]);
  });
});
