import type { Event } from '../../../lambdas/core/events/event.ts';
import { minute } from '../../fixtures/events.ts';

/** A profile as it must be, in plain words. */
export type Expected = Readonly<Record<string, unknown>>;

interface Layer {
  readonly id: string;
  readonly createdAt: string;
  readonly stated: Event[];
  readonly apart: Set<string>;
  /** When identifiers that it got back had been seen. */
  readonly times: string[];
  since: Map<string, string>;
  wholeSince: Map<string, string>;
  parent?: Layer | undefined;
}

interface Link {
  owner: Layer;
  readonly seen: Event[];
}

/** What belongs to whom, from a list of who said what to whom. Shares no code with the platform. */
export class UndoOracle {
  private readonly layers = new Map<string, Layer>();
  private readonly links = new Map<string, Link>();
  private readonly known = new Set<string>();
  /** By message the name that it was said under: the least trusted that it kept, after `~` if it also had others. */
  private readonly speakers = new Map<string, string>();

  /** Takes in a batch of events. `newId` says which profile a message made. */
  take(events: readonly Event[], newId: (messageId: string) => string): void {
    const made = new Set<Layer>();
    const claimed = new Set<Link>();
    const touched = new Set<Layer>();
    const merged: Layer[] = [];
    for (const event of events.filter(({ messageId }) => !this.known.has(messageId))) {
      if (this.known.has(event.messageId)) continue;
      this.known.add(event.messageId);
      const [names, roots] = this.place(event);
      const isElsewhere = names.length < namesOf(event).length;
      this.speakers.set(event.messageId, `${isElsewhere ? '~' : ''}${names.at(-1) ?? ''}`);
      const target = roots[0] ?? this.create(newId(event.messageId), event.receivedAt, made);
      for (const other of roots.slice(1)) {
        for (const [key, at] of other.wholeSince) target.wholeSince.set(key, min(target.wholeSince.get(key), at));
        other.parent = target;
        merged.push(other);
      }
      for (const name of names) {
        const link = this.links.get(name) ?? { owner: target, seen: [] };
        if (!this.links.has(name)) claimed.add(link);
        this.links.set(name, link);
        link.seen.push(event);
      }
      target.stated.push(event);
      touched.add(target);
    }
    this.store(made, claimed, touched, merged);
  }

  /** A profile that was made and merged away in one batch never was; what it was given is its survivor's. */
  private store(
    made: ReadonlySet<Layer>,
    claimed: ReadonlySet<Link>,
    touched: ReadonlySet<Layer>,
    merged: readonly Layer[],
  ): void {
    for (const link of claimed) link.owner = rootOf(link.owner);
    for (const layer of made) {
      if (layer.parent === undefined) continue;
      for (const other of this.layers.values()) if (other.parent === layer) other.parent = layer.parent;
      layer.parent.stated.push(...layer.stated);
      this.layers.delete(layer.id);
    }
    for (const layer of merged) layer.parent = rootOf(layer);
    for (const root of new Set([...touched].map(rootOf))) {
      const at = this.latest(root);
      root.since = sinceOf(root.since, traitsOf(root.stated), at);
      root.wholeSince = sinceOf(root.wholeSince, traitsOf(this.statedTo(root)), at);
    }
  }

  /** Receipts rise, so the last that was said to it was in this batch. */
  private readonly latest = (root: Layer): string =>
    root.stated
      .map(({ receivedAt }) => receivedAt)
      .sort()
      .at(-1) ?? '';

  partProfile(id: string, at: string): void {
    const gone = this.layers.get(id) as Layer;
    const root = rootOf(gone);
    const above = ancestorsOf(gone);
    for (const each of above) gone.apart.add(each.id);
    root.apart.add(id);
    gone.parent = undefined;
    gone.times.push(...this.linksOf(gone).flatMap(([, { seen }]) => seen.map(({ timestamp }) => timestamp)));
    for (const each of [root, gone]) {
      const all = this.under(each).flatMap(({ since }) => [...since]);
      const before = new Map<string, string>();
      for (const [key, since] of all) before.set(key, min(before.get(key), since));
      each.wholeSince = sinceOf(before, traitsOf(this.statedTo(each)), at);
      each.since = sinceOf(each.since, traitsOf(each.stated), at);
    }
  }

  partIdentifier(name: string, newId: string, at: string): void {
    const link = this.links.get(name) as Link;
    const above = [link.owner, ...ancestorsOf(link.owner)];
    const layer = this.create(newId, at);
    for (const each of above) layer.apart.add(each.id);
    rootOf(link.owner).apart.add(newId);
    link.owner = layer;
    layer.times.push(...link.seen.map(({ timestamp }) => timestamp));
  }

  expected(): Map<string, Expected> {
    const live = [...this.layers.values()].filter(({ parent }) => parent === undefined);
    return new Map(live.map((root) => [root.id, this.describe(root)]));
  }

  private describe(root: Layer): Expected {
    const [links, under, stated] = [this.linksOf(root), this.under(root), this.statedTo(root)];
    const times = [...stated.map(({ timestamp }) => timestamp), ...under.flatMap((layer) => layer.times)].sort();
    const inTime = [...stated].sort(byTime);
    const ways = inTime
      .filter((event) => record(record(event.context).campaign).source !== undefined)
      .map(({ messageId }) => messageId);
    return {
      identifiers: sorted(links.map(([name, { seen }]) => [name, ...spanOf(seen)])),
      traits: sorted(
        [...traitsOf(stated)].map(([name, { event, value }]) => [name, value, event.timestamp, event.messageId]),
      ),
      accounts: sorted(
        [
          ...Map.groupBy(
            stated.filter((event) => event.type === 'group'),
            (event) => String(record(event).groupId),
          ),
        ].map(([id, events]) => [id, ...spanOf(events)]),
      ),
      segments: sorted([...root.wholeSince]),
      touches: [ways[0], ways.at(-1)],
      recent: inTime
        .map(({ messageId }) => messageId)
        .reverse()
        .slice(0, 10),
      consent: sorted(
        links.flatMap(([name, { seen }]) =>
          [name, `~${name}`].flatMap((speaker) =>
            lastWord(
              speaker,
              seen.filter(({ messageId }) => this.speakers.get(messageId) === speaker),
            ),
          ),
        ),
      ),
      apart: sorted([...new Set(under.flatMap(({ apart }) => [...apart]))]),
      merged: sorted(under.filter((layer) => layer !== root).map(({ id }) => id)),
      ...{ eventCount: stated.length, marks: stated.length },
      span: [times[0], times.at(-1)],
    };
  }

  /**
   * The names that an event keeps, and the live profiles they lead to, oldest first: what was parted is not brought
   * together.
   */
  private place(event: Event): [string[], Layer[]] {
    const names = namesOf(event);
    for (; ; names.pop()) {
      const owners = names.flatMap((name) => this.links.get(name)?.owner ?? []);
      const roots = [...new Set(owners.map(rootOf))].sort((a, b) =>
        `${a.createdAt} ${a.id}` < `${b.createdAt} ${b.id}` ? -1 : 1,
      );
      if (!roots.some((a) => roots.some((b) => a !== b && this.areApart(a, b)))) return [names, roots];
    }
  }

  private areApart(a: Layer, b: Layer): boolean {
    const ids = new Set(this.under(b).map(({ id }) => id));
    return this.under(a).some(({ apart }) => [...apart].some((id) => ids.has(id)));
  }

  private create(id: string, createdAt: string, made?: Set<Layer>): Layer {
    const layer: Layer = {
      id,
      createdAt,
      stated: [],
      apart: new Set(),
      times: [],
      since: new Map(),
      wholeSince: new Map(),
    };
    this.layers.set(id, layer);
    made?.add(layer);
    return layer;
  }

  private under = (root: Layer): Layer[] =>
    [...this.layers.values()].filter((layer) => layer === root || ancestorsOf(layer).includes(root));
  private statedTo = (root: Layer): Event[] => this.under(root).flatMap(({ stated }) => stated);
  private linksOf(root: Layer): [string, Link][] {
    const under = new Set(this.under(root));
    return [...this.links].filter(([, { owner }]) => under.has(owner));
  }
}

function ancestorsOf({ parent }: Layer): Layer[] {
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent)];
}
const rootOf = (layer: Layer): Layer => ancestorsOf(layer).at(-1) ?? layer;
const record = (value: unknown) => (value ?? {}) as Record<string, unknown>;
const min = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
export const sorted = <T>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const byTime = (a: Event, b: Event): number =>
  `${a.timestamp} ${a.messageId}` < `${b.timestamp} ${b.messageId}` ? -1 : 1;

/** The least trusted last. */
const namesOf = ({ userId, anonymousId }: Event): string[] => [
  ...(userId ? [`user_id:${userId}`] : []),
  ...(anonymousId ? [`anonymous_id:${anonymousId}`] : []),
];

function spanOf(events: readonly Event[]): string[] {
  const [times, receipts] = [
    events.map(({ timestamp }) => timestamp).sort(),
    events.map(({ receivedAt }) => receivedAt).sort(),
  ];
  return [times[0] ?? '', times.at(-1) ?? '', receipts[0] ?? ''];
}

function traitsOf(stated: readonly Event[]): Map<string, { event: Event; value: unknown }> {
  const traits = new Map<string, { event: Event; value: unknown }>();
  for (const event of [...stated].filter(({ type }) => type === 'identify').sort(byTime))
    for (const [name, value] of Object.entries(record(record(event).traits))) traits.set(name, { event, value });
  return traits;
}

/** Since when each segment of the test holds, if it does. */
function sinceOf(
  before: ReadonlyMap<string, string>,
  traits: ReturnType<typeof traitsOf>,
  at: string,
): Map<string, string> {
  const holds: [string, boolean][] = [
    ['pro', traits.get('plan')?.value === 1],
    ['far', Number(traits.get('city')?.value ?? -1) >= 5],
  ];
  return new Map(holds.filter(([, does]) => does).map(([key]) => [key, before.get(key) ?? at]));
}

/** The last that was said of ads and, of one time, the stricter. */
function lastWord(name: string, stated: readonly Event[]): [string, boolean][] {
  const words = stated.flatMap((event) => {
    const ads = record(record(record(event.context).consent).categoryPreferences).ads;
    return typeof ads === 'boolean' ? [{ ads, timestamp: event.timestamp }] : [];
  });
  const last = words
    .map(({ timestamp }) => timestamp)
    .sort()
    .at(-1);
  const final = words.filter(({ timestamp }) => timestamp === last);
  return final.length > 0 ? [[`ads|${name}`, final.every(({ ads }) => ads)]] : [];
}

/** When an operator asks. */
export const asked = minute(1400);
