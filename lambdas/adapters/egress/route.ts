import { bare } from './addresses.ts';

/** Where one attempt may go, and until when. */
export interface Route {
  /** `host:port` of private receivers that may be called, also over plain HTTP. */
  readonly allowedPrivateHosts: readonly string[];
  /** URL of the proxy that everything passes; absent if connections are direct. */
  readonly proxy?: string | undefined;
  /** Milliseconds since 1970 by which every answer must be complete. */
  readonly deadline: number;
}

const standardPort = (protocol: string): string => (protocol === 'https:' ? '443' : '80');

/** `host:port` of a URL, in the form of `allowedPrivateHosts`. */
export const hostAndPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || standardPort(protocol)}`;

/** Whether an operator allowed this private receiver. */
export const isAllowed = (host: string, port: number | string, { allowedPrivateHosts }: Route): boolean =>
  allowedPrivateHosts.some((allowed) => withoutBrackets(allowed) === `${bare(host)}:${port}`);

/** Whether it is the proxy that everything passes. */
export const isProxy = (host: string, port: number | string, { proxy }: Route): boolean =>
  proxy !== undefined && withoutBrackets(hostAndPort(new URL(proxy))) === `${bare(host)}:${port}`;

const withoutBrackets = (place: string): string => place.replace(/^\[(.*)\](:\d+)$/, '$1$2');
