import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express from 'express';

/**
 * The least that a durable webhook can be, to compare with: Express, better-sqlite3, one row a request, synchronous FULL, and one commit
 * for all requests that came in one turn of the event loop. It prints its address, and ends when it is told to.
 */
const folder = mkdtempSync(join(tmpdir(), 'imaginarium-baseline-'));
const database = new Database(join(folder, 'baseline.sqlite'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE delivery (id INTEGER PRIMARY KEY, body TEXT NOT NULL, at TEXT NOT NULL)');
const insert = database.prepare('INSERT INTO delivery (body, at) VALUES (?, ?)');

let waiting: { body: string; stored: () => void }[] = [];
const store = database.transaction((group: typeof waiting) => {
  for (const { body } of group) insert.run(body, new Date().toISOString());
});

const app = express();
app.use(express.text({ type: () => true }));
app.post('/hook', (req, res) => {
  if (waiting.length === 0)
    setImmediate(() => {
      const group = waiting;
      waiting = [];
      store(group);
      for (const { stored } of group) stored();
    });
  waiting.push({ body: req.body, stored: () => res.json({ received: JSON.parse(req.body) }) });
});

const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
await once(process, 'SIGTERM');
database.close();
rmSync(folder, { recursive: true });
process.exit();
