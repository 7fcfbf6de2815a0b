import { createServer } from 'node:net';

/** Asks the kernel for a TCP port on loopback that nobody listens on right now. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error(`free port: expected an address with a port, received ${String(address)}`));
      });
    });
  });
}
