/** The queue cannot be used; the message says why and what to do, without the address's password. */
export class QueueOpenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QueueOpenError';
  }
}

const CONNECT_MS = 5000;

/**
 * Asks Redis whether it can hold a queue.
 * @throws {QueueOpenError} when it is not reached, or would throw jobs away to save memory.
 */
export async function checkRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const place = `The Redis at ${hostname}:${port || 6379}`;
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null });
  let reason: Error | undefined;
  // What went wrong is told by an event; the promise only says that the connection is closed.
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
    if (policy !== undefined && policy !== 'noeviction')
      throw new QueueOpenError(
        `${place} throws keys away when its memory is full (maxmemory-policy ${policy}), and with them what runs wait for. Set maxmemory-policy noeviction there: redis-cli config set maxmemory-policy noeviction.`,
      );
  } catch (error) {
    if (error instanceof QueueOpenError) throw error;
    const cause = reason ?? (error as Error);
    throw new QueueOpenError(
      `${place} cannot be used: ${cause.message}. Check IMAGINARIUM_REDIS_URL, and that Redis runs and lets this process in.`,
      { cause },
    );
  } finally {
    redis.disconnect();
  }
}
