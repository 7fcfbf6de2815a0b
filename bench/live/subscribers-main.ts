import { Subscriber } from './subscriber.ts';

// Many subscribers in a process of their own, so that they share no event loop with what measures. Told over the channel: a run to watch.
// Says: how many are connected, that all of them watch, and what they heard.

const [address = '', apiKey = '', count = '0'] = process.argv.slice(2);
const subscribers: Subscriber[] = [];
/** As many hands at once as a browser crowd would have; more would only wait for one another. */
const AT_ONCE = 20;
while (subscribers.length < Number(count)) {
  const some = Math.min(AT_ONCE, Number(count) - subscribers.length);
  subscribers.push(...(await Promise.all(Array.from({ length: some }, () => Subscriber.connect(address, apiKey)))));
}

process.on('message', async (runId: string) => {
  const watched = await Promise.all(subscribers.map((subscriber) => subscriber.watch(runId)));
  process.send?.({ type: 'watching' });
  const heard = await Promise.all(watched.map((entry) => entry.heard));
  process.send?.({ type: 'heard', heard });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'connected' });
