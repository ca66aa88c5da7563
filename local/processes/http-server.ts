import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than the idle limit of every client here, so no call uses a closing connection. */
const keepAlive = 300_000;

/** Listens on this machine only and returns the port. Port 0 lets the system choose one. */
export async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keepAlive;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Closes a server and its open connections at once. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
