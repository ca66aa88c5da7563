import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { referrers, referrersFile } from '../local/reference/referrers.ts';

it('the lake knows the hosts that the list has, as `npm run referrers` writes them', () =>
  expect(readFileSync(referrersFile, 'utf8')).toBe(referrers()));

it('a host is of one kind, in lower case, without `www.`', () => {
  const hosts = Object.entries(JSON.parse(readFileSync(referrersFile, 'utf8')) as Record<string, string>);
  expect(hosts.filter(([host]) => !/^(?!www\.)[^A-Z/\s]+\.[^A-Z/\s]+$/.test(host))).toEqual([]);
  expect([...new Set(hosts.map(([, kind]) => kind))].sort()).toEqual([
    'ai_assistant',
    'email',
    'other',
    'paid',
    'search',
    'social',
  ]);
});
