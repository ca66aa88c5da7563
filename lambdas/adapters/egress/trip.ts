import { AsyncLocalStorage } from 'node:async_hooks';
import type { Route } from './route.ts';
import { guardSockets } from './socket-guard.ts';

/** An attempt under way, and how many requests it has sent. */
export interface Trip extends Route {
  requests: number;
}

const trips = new AsyncLocalStorage<Trip>();

/** The attempt that the running code belongs to. */
export const currentTrip = (): Trip | undefined => trips.getStore();

/**
 * Runs the code of a destination, whose connections are limited to the route, whatever client makes them: the
 * catalogue's requests by the guarded fetch, all others when their sockets connect.
 */
export function onTrip<T>(route: Route, act: (trip: Trip) => Promise<T>): Promise<T> {
  guardSockets(currentTrip);
  const trip = { ...route, requests: 0 };
  return trips.run(trip, act, trip);
}

/** Runs the platform's own clients within an attempt, e.g. to store a refreshed token. */
export const offTrip = <T>(act: () => T): T => trips.exit(act);
