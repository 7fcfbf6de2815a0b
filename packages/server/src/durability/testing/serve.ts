import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServer } from '../../compose.ts';
import { loadConfig } from '../../config.ts';

// A program for tests: a server with the nodes that count their effects. It tells its address once it is ready.
const entry = fileURLToPath(new URL('counting-nodes/index.ts', import.meta.url));
const nodes = { folder: dirname(entry), entry: './index.ts' };
const server = await composeServer(loadConfig(process.env), {
  ...{ packages: [nodes], version: '0.0.0', editorFolder: null },
});
const address = await server.listen();
process.once('SIGTERM', async () => {
  await server.stop(200);
  process.exit(0);
});
process.stdout.write(`${address}\n`);
