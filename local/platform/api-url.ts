import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { closeServer, listen } from '../processes/http-server.ts';

/** A plain URL that stands for the deployed HTTP API. */
export interface ApiUrl {
  readonly url: string;
  stop(): Promise<void>;
}

/** Concurrent calls that reach the emulator: each is a Node process there, and two cores gain nothing from more. */
const maxConcurrentCalls = 8;

/** Idle connections to the emulator end before it ends them, which it does after 75 s. */
const idleLimit = 60_000;

/**
 * Forwards every request, its bytes and the client's headers unchanged, to the API's path form on the emulator:
 * `{apiId}.execute-api.localhost`, the emulator's own form, does not resolve for ordinary clients.
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
 * Header names as the client wrote them, duplicates included, and how it reached us, which API Gateway tells a function
 * and the emulator does not.
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
