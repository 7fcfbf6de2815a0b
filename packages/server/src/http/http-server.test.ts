import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addressOf, closeQuietLines, createHttpServer, listenOn, stopListening } from './http-server.ts';

test('answers whoever calls on an open line while the server stops, and then lets all of them go', async () => {
  let isStopping = false;
  const server = createHttpServer((_req, res) => {
    if (isStopping) res.setHeader('connection', 'close');
    res.end('ok');
  });
  await listenOn(server, { host: '127.0.0.1', port: 0 });
  const address = addressOf(server, '127.0.0.1');
  const said = new Map<string, number>();
  const callAgain = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (;;) {
      const outcome = await new Promise<string>((resolve) => {
        const request = get(
          address,
          { agent },
          (answer) => void answer.resume().once('end', () => resolve('answered')),
        );
        request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
      said.set(outcome, (said.get(outcome) ?? 0) + 1);
      if (outcome !== 'answered') return agent.destroy();
    }
  };
  const callers = Promise.all(Array.from({ length: 20 }, callAgain));
  const idle = new Agent({ keepAlive: true });
  const [answer] = await once(get(address, { agent: idle }), 'response');
  answer.resume();
  await wait(100);
  isStopping = true;
  const closed = stopListening(server);
  await closeQuietLines(server);
  await callers;
  await closed;
  // Nobody is cut off: who calls once more finds that there is no server any more.
  expect([...said.keys()].sort()).toEqual(['ECONNREFUSED', 'answered']);
  expect(said.get('ECONNREFUSED')).toBe(20);
});
