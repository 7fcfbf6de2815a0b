import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumRemedy, findChromium } from '../services/chromium.ts';
import { chapters } from './chapters.ts';
import { Stage } from './story.ts';

// The browser run: the story of a new user from set-up to an earlier run, against the built product. Leaves screenshots and a count.

const ROOT = new URL('../../', import.meta.url).pathname;
const ARTIFACTS = join(ROOT, 'artifacts');
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const counts = { passed: 0, failed: 0, skipped: 0 };
const executablePath = findChromium();
if (executablePath === null) {
  console.log(`The browser run is left out: ${chromiumRemedy}`);
  counts.skipped = chapters.length;
} else {
  await playAll(executablePath);
}
await mkdir(ARTIFACTS, { recursive: true });
await writeFile(join(ARTIFACTS, 'e2e.json'), JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

async function playAll(executablePath: string): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'imaginarium-e2e-'));
  const server = await startServer(data);
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints = listen(page, server.address);
    const stage = new Stage(page, server.address, data, join(ARTIFACTS, 'e2e'));
    let goesOn = true;
    for (const chapter of chapters) {
      if (goesOn) goesOn = await play(chapter, stage, complaints);
      else counts.skipped += 1;
    }
    if (!goesOn) console.log(`The story broke off: ${counts.skipped} chapters were not played.`);
  } finally {
    await browser.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** Plays one chapter. A chapter that breaks off ends the story, for each goes on where the one before ended. */
async function play(chapter: (typeof chapters)[number], stage: Stage, complaints: string[]): Promise<boolean> {
  const began = performance.now();
  let brokeOff: unknown;
  try {
    await chapter.read(stage);
  } catch (error) {
    brokeOff = error;
    await stage.picture('failed').catch(() => undefined);
  }
  const findings = [
    ...stage.findings.splice(0),
    ...complaints.splice(0).map((text) => `the browser complained: ${text}`),
  ];
  if (brokeOff) findings.push(brokeOff instanceof Error ? (brokeOff.stack ?? brokeOff.message) : String(brokeOff));
  const good = findings.length === 0;
  counts[good ? 'passed' : 'failed'] += 1;
  console.log(`${good ? '✓' : '✗'} ${chapter.title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const finding of findings) console.log(`  ${finding}`);
  return !brokeOff;
}

/** Collects what a good page never says: errors in its console, and requests to other hosts. */
function listen(page: Page, address: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The browser itself reports answers such as 401 and 422; that they come is checked where they matter.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(ws|data|blob)/.test(url)) complaints.push(`a request to another host: ${url}`);
  });
  return complaints;
}

async function startServer(data: string): Promise<{ address: string; stop(): Promise<void> }> {
  const bin = join(ROOT, 'packages/cli/bin/imaginarium.js');
  const child = spawn(process.execPath, [bin, 'start', '--port', '0', '--data', data], {
    // The story makes more workflows in its minutes than a person would.
    env: {
      ...process.env,
      ...{ IMAGINARIUM_WORKFLOW_LIMIT: '0', IMAGINARIUM_HOURLY_ITEMS: 'none' },
      // Models are fetched from nowhere: the story needs no network.
      IMAGINARIUM_MODELS_MIRROR: 'http://127.0.0.1:1/',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += String(text);
        const found = /ready\S* at \S*?(http:\/\/[\d.:]+)/.exec(output)?.[1];
        if (found) resolve(found);
      });
    child.once('exit', (code) => reject(new Error(`imaginarium start ended with ${code}:\n${output}`)));
  });
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
      await writeFile(join(ARTIFACTS, 'e2e-server.log'), output);
    },
  };
}
