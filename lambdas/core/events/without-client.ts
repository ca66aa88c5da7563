import { isObject } from '../values/json.ts';
import { limits } from './event.ts';

/**
 * Names of fields that hold the network address or the agent of a person's device, as `wordsOf` writes them: any name
 * with `ip` as a word, and those that vendors write.
 */
const ofClient = /(^|_)ip(v4|v6|s)?(_|$)|(^|_)ip_?addr(ess)?(_|$)|user_?agent|remote_?addr|forwarded_for|mac_?addr/;

/** `clientIp` and `client-ip` become `client_ip`. */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

const isOfClient = (name: string): boolean => ofClient.test(wordsOf(name));

/** What stands for what lies too deep to be looked at. */
const tooDeep = '…';

/** A value without the fields that name the address or the agent of a device, at any depth. */
export function withoutClient(value: unknown, levels: number = limits.depth * 2): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return tooDeep;
  if (Array.isArray(value)) return value.map((each) => withoutClient(each, levels - 1));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !isOfClient(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutClient(each, levels - 1)]));
}

/** The same of what goes to quarantine. A text that nobody could read may name an address anywhere, and is not kept. */
export const keptWithoutClient = (item: unknown): unknown =>
  typeof item === 'string'
    ? `not kept: a text of ${item.length} characters of a source that keeps no addresses`
    : withoutClient(item);
