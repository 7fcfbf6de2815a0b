import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands on loopback before a service, and hangs up when a test wants it to. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Says whether a connection that comes is let through. */
  lets: () => boolean = () => true;
  /** Told of each message to the service: one that is lost, or whose answer is, ends its connection. */
  fateOf: () => 'passes' | 'is lost' | 'loses its answer' = () => 'passes';

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((near) => {
      if (!this.lets()) return void near.destroy();
      const far = connect(target);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      let losesNext = false;
      near.on('data', (message) => {
        const fate = this.fateOf();
        if (fate === 'is lost') return void near.destroy();
        losesNext ||= fate === 'loses its answer';
        far.write(message);
      });
      far.on('data', (answer) => {
        if (losesNext) near.destroy();
        else near.write(answer);
      });
      near.on('end', () => far.end());
      far.on('end', () => near.end());
    });
  }

  static async before(url: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new FaultProxy({ host: hostname, port: Number(port) });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The address of the service by way of this proxy. */
  through(url: string): string {
    const { port } = this.#server.address() as AddressInfo; // It listens on TCP.
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
  }

  /** Hangs up on everybody. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
