import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { closeServer, listen } from '../processes/http-server.ts';

/** A plain URL of the deployed HTTP API. */
export interface ApiUrl {
  readonly url: string;
  stop(): Promise<void>;
}

/** Concurrent calls to the emulator. Each call runs a Node process, so more calls are not faster on two cores. */
const maxConcurrentCalls = 8;

/** Milliseconds. The emulator closes idle connections after 75 s, so they end here earlier. */
const idleLimit = 60_000;

/**
 * Forwards every request to the API's path on the emulator, with unchanged bytes and headers. The emulator's own host
 * name, `{apiId}.execute-api.localhost`, does not resolve for ordinary clients.
 */
export async function startApiUrl(port: number, emulatorUrl: string, apiUrl: string): Promise<ApiUrl> {
  const { hostname, port: emulatorPort } = new URL(emulatorUrl);
  const stage = `/_aws/execute-api/${apiIdOf(apiUrl)}/$default`;
  const agent = new Agent({ keepAlive: true, maxSockets: maxConcurrentCalls, timeout: idleLimit });
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const upstream = request({
      agent,
      hostname,
      port: emulatorPort,
      method,
      headers: headersOf(incoming, headers.host),
      path: `${stage}${incoming.url}`,
    });
    upstream.on('response', (answer) => passOn(answer, outgoing));
    upstream.on('error', (error) => refuse(outgoing, error));
    outgoing.on('close', () => outgoing.writableFinished || upstream.destroy());
    pipeline(incoming, upstream, () => {});
  });
  const actual = await listen(server, port);
  return {
    url: `http://localhost:${actual}`,
    stop: async () => {
      agent.destroy();
      await closeServer(server);
    },
  };
}

/** `https://abc123.execute-api.us-east-1.amazonaws.com/` → `abc123` */
export function apiIdOf(apiUrl: string): string {
  const [apiId = ''] = new URL(apiUrl).hostname.split('.');
  return apiId;
}

/**
 * The client's headers with their case and duplicates, and X-Forwarded-Proto, which API Gateway adds and the emulator
 * does not.
 */
const headersOf = (incoming: IncomingMessage, host = ''): string[] => [
  'Host',
  host,
  'X-Forwarded-Proto',
  'http',
  ...incoming.rawHeaders.filter(isNotHost),
];

const isNotHost = (_value: string, position: number, raw: string[]): boolean =>
  raw[position - (position % 2)]?.toLowerCase() !== 'host';

function passOn(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
  pipeline(answer, outgoing, () => {});
}

function refuse(outgoing: ServerResponse, error: Error): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing
    .writeHead(502, { 'content-type': 'application/json' })
    .end(JSON.stringify({ message: `the local platform did not answer: ${error.message}` }));
}
