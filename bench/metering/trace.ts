import type { Random } from '../../local/demo/shop/random.ts';
import { deviceId, inBatches, userId } from '../events/crowd.ts';
import { type SampleCall, sampleCall } from '../events/sample-events.ts';
import { evenly, type Rhythm } from './rhythm.ts';

/** Requests that reach stitch in one batch. */
export type Window = readonly (readonly SampleCall[])[];

export interface TraceOptions {
  /** Events per person and window: f. */
  readonly fold: number;
  readonly people: number;
  readonly eventsPerWindow: number;
  readonly eventsPerRequest: number;
  readonly bytes: number;
  /** By default everybody comes every eight hours. */
  readonly rhythm?: Rhythm;
}

/**
 * How often something happens, per event; what is left over are track calls of people who are known on a device that is
 * known.
 */
export const shares = {
  /** A trait is stated that puts the person into a segment or out of it. */
  membership: 0.01,
  /** Other traits are stated. */
  traits: 0.04,
  /** Someone known comes on a new device and logs in. */
  newDevice: 0.002,
  /** Somebody new, on a new device. */
  newVisitor: 0.006,
  /** A visitor turns out to be someone known: two profiles merge. */
  login: 0.002,
} as const;

/** What a shop knows of a customer, besides an address. */
const account = {
  first_name: 'Marguerite',
  last_name: 'Featherstone',
  city: 'Minneapolis',
  country: 'US',
  newsletter: false,
  plan: 'premium',
  order_count: 2,
  lifetime_value: 149.95,
  favourite_shelf: 'vinyl',
} as const;

/** Goes round a number of people again and again, window after window. */
export class Trace {
  private readonly subscribed = new Set<number>();
  private readonly visitors: string[] = [];
  private next = 0;
  private newDevices = 0;

  private readonly random: Random;
  private readonly options: TraceOptions;
  private readonly begin: number;
  private readonly rhythm: Rhythm;

  constructor(random: Random, options: TraceOptions, begin: number) {
    this.random = random;
    this.options = options;
    this.begin = begin;
    this.rhythm = options.rhythm ?? evenly(options.people);
  }

  get windowsPerRound(): number {
    return Math.ceil((this.options.people * this.options.fold) / this.options.eventsPerWindow);
  }

  get eventsPerRound(): number {
    return this.windowsPerRound * this.options.eventsPerWindow;
  }

  /** Everyone registers: one call each that states who they are, as many to a request as fit. */
  registrations(): Window[] {
    const { people, eventsPerWindow, eventsPerRequest, bytes } = this.options;
    const calls = Array.from({ length: people }, (_, n) => {
      const traits = { email: `${userId(n)}@example.com`, ...account };
      return sampleCall(this.random, {
        type: 'identify',
        userId: userId(n),
        anonymousId: deviceId(n, 0),
        traits,
        at: this.begin,
        bytes,
      });
    });
    return inBatches(calls, eventsPerWindow).map((window) => inBatches(window, eventsPerRequest));
  }

  window(): Window {
    const { fold, people, eventsPerWindow, eventsPerRequest } = this.options;
    const touched = Array.from({ length: Math.max(1, Math.round(eventsPerWindow / fold)) }, () => this.next++);
    const calls = touched.flatMap((turn) => {
      const [at, events] = [this.begin + this.rhythm.timeOf(turn), this.rhythm.eventsOf(turn)];
      return Array.from({ length: fold }, () => this.call(turn % people, at, events));
    });
    return Array.from({ length: Math.ceil(calls.length / eventsPerRequest) }, (_, n) =>
      calls.slice(n * eventsPerRequest, (n + 1) * eventsPerRequest),
    );
  }

  private call(person: number, at: number, events?: readonly string[]): SampleCall {
    const { bytes } = this.options;
    const known = { userId: userId(person), anonymousId: deviceId(person, 0), at, bytes, events };
    const email = `${known.userId}@example.com`;
    switch (this.draw()) {
      case 'membership':
        return this.identify(known, { email, newsletter: this.toggle(person) });
      case 'traits':
        return this.identify(known, { email, visits: this.random.below(1000) });
      case 'newDevice':
        return sampleCall(this.random, { ...known, anonymousId: this.newDevice() });
      case 'newVisitor':
        return sampleCall(this.random, { anonymousId: this.visitor(), at, bytes });
      case 'login':
        return sampleCall(this.random, { ...known, anonymousId: this.visitors.shift() ?? known.anonymousId });
      default:
        return sampleCall(this.random, known);
    }
  }

  /** What an event does, by chance; mostly nothing in particular. */
  private draw(): keyof typeof shares | undefined {
    let rest = this.random.below(1_000_000) / 1_000_000;
    for (const [name, share] of Object.entries(shares)) {
      if (rest < share) return name as keyof typeof shares;
      rest -= share;
    }
    return undefined;
  }

  private identify(known: Parameters<typeof sampleCall>[1], traits: Record<string, unknown>): SampleCall {
    return sampleCall(this.random, { ...known, type: 'identify', traits });
  }

  private toggle(person: number): boolean {
    const joins = !this.subscribed.delete(person);
    if (joins) this.subscribed.add(person);
    return joins;
  }

  private newDevice(): string {
    return this.random.name(`another-device-${this.newDevices++}`);
  }

  private visitor(): string {
    const device = this.newDevice();
    this.visitors.push(device);
    return device;
  }
}
