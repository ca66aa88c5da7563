import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than any client here keeps an idle connection, so that no call meets one that is being closed. */
const keepAlive = 300_000;

/** Listens on this machine only and says at which port, which is the system's choice for 0. */
export async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keepAlive;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Closes a server at once, open connections included. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
