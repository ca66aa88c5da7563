import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One request that the destination's receiver got, and how it answered. */
export interface Attempt {
  readonly at: string;
  /** `userId` or `anonymousId` of the body; of an account `groupId` of its context. */
  readonly who: string;
  readonly signature: string | undefined;
  /** As it came, for signatures are over bytes. */
  readonly text: string;
  readonly answered: number;
}

/** A receiver that runs. */
interface Receiver {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A destination that can be told to fail for one person, over HTTP, because tests run in processes of their own.
 * POST `/webhook` is the destination; GET `/attempts` tells what came; PUT `/faults/<who>?times=1` fails so many times.
 */
export async function startReceiver(): Promise<Receiver> {
  const attempts: Attempt[] = [];
  const faults = new Map<string, number>();
  const server = createServer((request, response) => {
    answer(request, response, attempts, faults).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  attempts: Attempt[],
  faults: Map<string, number>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://receiver');
  const text = (await buffer(request)).toString('utf8');
  if (request.method === 'POST' && url.pathname === '/webhook') {
    const attempt = take(text, request.headers['x-signature'], faults);
    attempts.push(attempt);
    response.writeHead(attempt.answered).end();
  } else if (request.method === 'GET' && url.pathname === '/attempts') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(attempts));
  } else if (request.method === 'PUT' && url.pathname.startsWith('/faults/')) {
    faults.set(decodeURIComponent(url.pathname.slice('/faults/'.length)), Number(url.searchParams.get('times')));
    response.writeHead(204).end();
  } else response.writeHead(404).end();
}

function take(text: string, signature: string | string[] | undefined, faults: Map<string, number>): Attempt {
  const { userId, anonymousId, context } = JSON.parse(text) as {
    userId?: string;
    anonymousId?: string;
    context?: { groupId?: string };
  };
  const who = userId ?? anonymousId ?? context?.groupId ?? '';
  const left = faults.get(who) ?? 0;
  if (left > 0) faults.set(who, left - 1);
  return { at: new Date().toISOString(), who, signature: String(signature), text, answered: left > 0 ? 500 : 200 };
}
