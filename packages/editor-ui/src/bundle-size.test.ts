/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { leftOut } from '../../../tests/services/left-out.ts';

const LIMIT_KB = 350;
const dist = join(import.meta.dirname, '../dist');
const manifest = join(dist, '.vite/manifest.json');

const notBuilt = leftOut(existsSync(manifest), 'not built here: npm run build');

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

test.skipIf(notBuilt)(`the scripts that every visit loads stay under 350 kB compressed${notBuilt}`, () => {
  const chunks: Record<string, Chunk> = JSON.parse(readFileSync(manifest, 'utf8'));
  const files = new Set<string>();
  const add = ({ file, imports = [] }: Chunk) => {
    if (files.has(file)) return;
    files.add(file);
    for (const name of imports) if (chunks[name]) add(chunks[name]);
  };
  for (const chunk of Object.values(chunks)) if (chunk.isEntry) add(chunk);
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).byteLength, 0);
  expect(files.size).toBeGreaterThan(0);
  expect(bytes / 1000).toBeLessThan(LIMIT_KB);
});

test.skipIf(notBuilt)(`the page carries no code of its own and loads nothing from elsewhere${notBuilt}`, () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});
