import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanExportPath, exportPathOf } from './export-path.ts';
import { folder } from './folder.ts';

describe('cleanExportPath', () => {
  it('never gives an absolute path, an empty part, a step up, or a character that some file system refuses', () => {
    const nasty = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      'C:',
      'con',
      'NUL.txt',
      '\u0000',
      '\u202e',
      ' ',
      '...',
      '~',
      'é',
      'x'.repeat(300),
    );
    const path = fc
      .array(fc.oneof(nasty, fc.string({ unit: 'binary' })), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(path, (asked) => {
        const clean = cleanExportPath(asked);
        if (clean === '') return;
        for (const part of clean.split('/')) {
          expect(part).not.toBe('');
          expect(part).not.toMatch(/^\.|[. ]$/);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test.
          expect(part).not.toMatch(/[\u0000-\u001f<>:"|?*\\]/);
          expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(201);
          expect(part.isWellFormed() && part === part.normalize('NFC')).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is settled after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (asked) => {
        const clean = cleanExportPath(asked);
        expect(cleanExportPath(clean)).toBe(clean);
      }),
    );
  });

  it.each([
    ['Photo to carousel/2026-11-21 14-05-33/me.jpg', 'Photo to carousel/2026-11-21 14-05-33/me.jpg'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/abs//./a\\..\\b.png', 'abs/a/b.png'],
    ['what: a "day"?.png', 'what- a -day--.png'],
    ['con/aux.txt', '_con/_aux.txt'],
    ['Cafe\u0301/\u5199\u771f.png', 'Caf\u00e9/\u5199\u771f.png'],
    [' . / .. / ', ''],
  ])('makes %j into %j', (asked, clean) => expect(cleanExportPath(asked)).toBe(clean));

  it('shortens a long name and keeps its extension', () => {
    const clean = cleanExportPath(`${'写'.repeat(200)}.png`);
    expect(clean).toMatch(/^写+\.png$/);
    expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(200);
  });
});

describe('exportPathOf', () => {
  it.each([
    ['out/', 'me.png', 'out/me.png'],
    ['', 'me.png', 'me.png'],
    ['out/best', 'me.PNG', 'out/best.png'],
    ['out/best.png', 'me.png', 'out/best.png'],
    ['out/best.jpeg', 'me.jpg', 'out/best.jpeg'],
    ['out/v1.2', 'me.png', 'out/v1.2.png'],
    ['out/plain', 'LICENSE', 'out/plain'],
    ['..', 'me.png', ''],
  ])('saves %j of %j as %j', (asked, name, path) => expect(exportPathOf(asked, name)).toBe(path));
});

describe('storage.folder', () => {
  it('copies the file and passes it on with its place', async () => {
    await using files = new TestFiles();
    const file = await files.write(new TextEncoder().encode('hello'), { name: 'hello.txt' });
    const { outputs } = await testNode(folder)
      .params({ path: '../my/{x}/' })
      .items([{ input: { file }, fields: { a: 1 } }])
      .files(files)
      .run();
    expect(outputs.file).toEqual([{ value: file, fields: { a: 1, savedAs: 'my/{x}/hello.txt' } }]);
    expect(await readFile(join(await files.outputFolder(), 'my/{x}/hello.txt'), 'utf8')).toBe('hello');
  });

  it('refuses what is no file, and a path of which nothing is left', async () => {
    await using files = new TestFiles();
    const file = await files.write(new Uint8Array(1), { name: 'x.bin' });
    await expect(
      testNode(folder)
        .items([{ input: { file: 'a text' } }])
        .run(),
    ).rejects.toThrow('file: expected a file, received "a text". Wire in a port that gives an image or a document.');
    await expect(
      testNode(folder)
        .params({ path: '..' })
        .items([{ input: { file } }])
        .files(files)
        .run(),
    ).rejects.toThrow('path: expected a path such as photos/{{ item.file.name }}, received "..".');
  });
});
