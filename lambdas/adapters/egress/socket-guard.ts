import net from 'node:net';
import { ForbiddenAddress, isPrivateLiteral, publicLookup } from './addresses.ts';
import { isAllowed, isProxy, type Route } from './route.ts';

type Connect = (this: net.Socket, ...parameters: unknown[]) => net.Socket;
type Place = Partial<net.TcpNetConnectOpts> & { readonly path?: string | null };

/** Where a connection without a host goes. */
const loopback = '127.0.0.1';

let route: (() => Route | undefined) | undefined;

/**
 * Checks every connection that code of a destination opens, also by clients of its own: the AWS SDK, SSH, Kafka.
 * Connections of the platform's own clients have no route, and are left alone.
 */
export function guardSockets(routeOfNow: () => Route | undefined): void {
  if (route !== undefined) return;
  route = routeOfNow;
  const connect = net.Socket.prototype.connect as Connect;
  net.Socket.prototype.connect = function guarded(this: net.Socket, ...parameters: unknown[]): net.Socket {
    const current = route?.();
    if (current === undefined) return connect.apply(this, parameters);
    const place = placeIn(parameters);
    const refusal = refusalOf(place, current);
    if (refusal !== undefined) return connect.apply(this, nowhere(refusal));
    return connect.apply(this, isOwn(place, current) ? parameters : withLookup(parameters, place));
  } as typeof net.Socket.prototype.connect;
}

const isOwn = ({ host = loopback, port = 0 }: Place, current: Route): boolean =>
  isAllowed(host, port, current) || isProxy(host, port, current);

function refusalOf(place: Place, current: Route): string | undefined {
  if (typeof place.path === 'string') return 'it is a local socket';
  if (isOwn(place, current)) return undefined;
  if (current.proxy !== undefined) return 'the client does not use the proxy';
  return isPrivateLiteral(place.host ?? loopback) ? 'the address is private' : undefined;
}

/** Parameters of a connection that fails as a name does that cannot be resolved, which every client expects. */
const nowhere = (reason: string): unknown[] => [
  {
    host: 'forbidden.invalid',
    port: 1,
    lookup: (_name: string, _options: object, found: (failed: Error) => void) => found(new ForbiddenAddress(reason)),
  },
];

/** `connect` takes options, a port with a host, a path, or what Node has made of these: a list that begins with options. */
function placeIn([first, second]: readonly unknown[]): Place {
  if (Array.isArray(first)) return first[0] as Place;
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first };
  return { port: Number(first), ...(typeof second === 'string' && { host: second }) };
}

/** The parameters of `connect` with a lookup that resolves to public addresses only. */
function withLookup([first, ...others]: unknown[], place: Place): unknown[] {
  const checked = { ...place, lookup: publicLookup };
  if (!Array.isArray(first)) return [checked, ...others.filter((one) => typeof one === 'function')];
  first[0] = checked;
  return [first, ...others];
}
