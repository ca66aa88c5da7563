import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

/** Milliseconds for the proxy to open a tunnel. */
const patience = 10_000;

/** The proxy did not open a tunnel. */
class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly code = 'ECONNPROXY';
}

/** An agent whose connections pass a proxy by CONNECT, so that TLS is between the function and the receiver. */
export function tunnelAgent(proxy: URL): https.Agent {
  const agent = new https.Agent();
  agent.createConnection = (options, opened) => {
    const to = `${options.host}:${options.port}`;
    const { request } = proxy.protocol === 'https:' ? https : http;
    const asked = request(proxy, {
      method: 'CONNECT',
      path: to,
      headers: { host: to },
      agent: false,
      timeout: patience,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return opened?.(null, tls.connect({ ...options, socket } as tls.ConnectionOptions));
      socket.destroy();
      opened?.(new ProxyRefused(), socket);
    });
    asked.once('timeout', () => asked.destroy(new ProxyRefused()));
    asked.once('error', (error) => opened?.(error, new net.Socket()));
    asked.end();
    return undefined;
  };
  return agent;
}
