import { Redis } from 'ioredis';
import type { OpenChannel } from './shared-event-bus.ts';

const CHANNEL = 'imaginarium-events';

/** A channel of Redis. It comes back by itself when Redis does. @param onError told what goes wrong with the connections. */
export function redisChannel(url: string, onError: (error: Error) => void): OpenChannel {
  return async (receive) => {
    const listening = new Redis(url, { maxRetriesPerRequest: null });
    // News are worth nothing later: what cannot be sent at once is not kept.
    const sending = new Redis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, lazyConnect: true });
    for (const redis of [listening, sending]) redis.on('error', onError);
    await sending.connect();
    listening.on('message', (_channel, text) => receive(text));
    await listening.subscribe(CHANNEL);
    return {
      send: async (text) => void (await sending.publish(CHANNEL, text)),
      async close() {
        listening.disconnect();
        sending.disconnect();
      },
    };
  };
}
