import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServer } from '../../compose.ts';
import { loadConfig } from '../../config.ts';
import type { KillAt } from '../../kill-points/kill-points.ts';

// A program for tests: a server with the nodes that count their effects, and the packages of this repository that `SERVE_PACKAGES` names.
// It tells its address once it is ready. A kill point that it is sent counts from then on.
const entry = fileURLToPath(new URL('counting-nodes/index.ts', import.meta.url));
const nodes = { folder: dirname(entry), entry: './index.ts' };
const named: string[] = JSON.parse(process.env.SERVE_PACKAGES ?? '[]');
const others = named.map((name) => ({
  folder: fileURLToPath(new URL(`../../../../${name}`, import.meta.url)),
  entry: './src/index.ts',
}));
const config = loadConfig(process.env);
const killAt: KillAt = config.killAt ?? { point: 'dequeue', count: Number.POSITIVE_INFINITY };
process.on('message', (sent: KillAt) => {
  Object.assign(killAt, sent);
  process.send?.('understood');
});
const server = await composeServer(
  { ...config, killAt },
  { packages: [nodes, ...others], version: '0.0.0', editorFolder: null },
);
const address = await server.listen();
process.once('SIGTERM', async () => {
  await server.stop(200);
  process.exit(0);
});
process.stdout.write(`${address}\n`);
