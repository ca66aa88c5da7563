import type { ServerResponse } from 'node:http';
import type { Hook } from '../../fixtures/catalogue/deployed.ts';
import type { Sent } from '../../fixtures/catalogue/switch-fetch.ts';
import type { Host } from '../../fixtures/catalogue/tls-proxy.ts';

const host = 'hooks.example';

/** How receivers of webhooks answer: a word or a status, and how often to the same person until they answer 200. */
const manners: Readonly<Record<Hook | 'witness', string>> = {
  witness: '200',
  unauthorized: '401',
  limited: '429?after=3&times=1',
  dripping: 'drip?times=1',
  resetting: 'reset?times=1',
  wordy: 'words',
  redirected: 'redirect',
  refusing: '400',
  consenting: '200',
  leaving: '200',
  dead: 'silence',
  live: '200',
  reckoning: '200',
  watching: '200',
  resting: '200',
};

/** The URL of a webhook, by default of one that answers as this receiver does. */
export const hookUrl = (id: Hook | 'witness', manner = manners[id]): string => `https://${host}/${id}/${manner}`;

/** Makes what answers a request to a webhook; undefined if the request is for somebody else. */
export function hookAt(): (sent: Sent) => Host | undefined {
  const counts = new Map<string, number>();
  return ({ url }) => {
    const { hostname, pathname, searchParams } = new URL(url);
    if (hostname !== host) return undefined;
    const manner = pathname.split('/')[2] ?? '';
    return ({ body }, response) => {
      const key = `${pathname} ${(JSON.parse(body) as { userId?: string }).userId}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const isOver = count > Number(searchParams.get('times') ?? Number.POSITIVE_INFINITY);
      answer(isOver ? '200' : manner, response, searchParams.get('after'));
    };
  };
}

function answer(manner: string, response: ServerResponse, after: string | null): void {
  if (manner === 'silence') return;
  if (manner === 'redirect')
    return void response.writeHead(302, { location: 'https://169.254.169.254/latest/meta-data/' }).end();
  if (manner === 'reset')
    return void response.writeHead(200, { 'content-length': '100' }).write('a part', () => response.destroy());
  if (manner === 'words')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${'<p>words</p>'.repeat(50_000)}`);
  if (manner === 'drip') {
    response.writeHead(200);
    const drops = setInterval(() => response.write('.'), 500);
    return void response.on('close', () => clearInterval(drops));
  }
  response.writeHead(Number(manner), after === null ? {} : { 'retry-after': after }).end('{}');
}
