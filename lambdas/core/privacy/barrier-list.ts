import type { Barrier } from './barrier.ts';

/** The first 64 bits of the keyed hash of an identifier, in two halves. */
export interface ShortHash {
  readonly high: number;
  readonly low: number;
}

/** A barrier that a list gets; undefined if the identifier has none any more. */
export interface Listed {
  readonly hash: ShortHash;
  readonly barrier: Barrier | undefined;
}

/**
 * Barriers that stop events, for readers before and beside the profile table, as one run of bytes: a line that names
 * the format, and records in the order of their hashes. A record is a hash and the time up to which events are stopped,
 * in milliseconds; without end if it is a suppression. An identifier with both has two. Releases stop nothing, and are
 * not in it.
 */
export interface BarrierList {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** The bytes are not a list of barriers: an event must not pass because its barrier cannot be read. */
export class BarriersUnreadable extends Error {
  override readonly name = 'BarriersUnreadable';
}

const recordBytes = 16;
const format = 'cdp-barriers-1 \n';
const head = Uint8Array.from(format, (character) => character.charCodeAt(0));

/** Reads a list. @throws BarriersUnreadable */
export function readBarrierList(bytes: Uint8Array): BarrierList {
  if (bytes.length % recordBytes !== 0 || head.some((byte, at) => bytes[at] !== byte))
    throw new BarriersUnreadable(`the list of barriers must begin with "${format.trim()}"; got ${bytes.length} bytes`);
  return { bytes, size: bytes.length / recordBytes - 1 };
}

/** The list that stops nothing. */
export const noBarriers = readBarrierList(head);

const viewOf = ({ bytes }: BarrierList): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The barrier of a hash; undefined if nothing stops its events. */
export function barrierIn(list: BarrierList, hash: ShortHash): Barrier | undefined {
  const view = viewOf(list);
  let from = 1;
  let to = list.size + 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(view, middle, hash)) from = middle + 1;
    else to = middle;
  }
  const untils: number[] = [];
  for (let at = from; at <= list.size && isAt(view, at, hash); at++) untils.push(view.getFloat64(at * recordBytes + 8));
  return untils.length === 0 ? undefined : barrierOf(untils);
}

function isBefore(view: DataView, at: number, { high, low }: ShortHash): boolean {
  const there = view.getUint32(at * recordBytes);
  return there < high || (there === high && view.getUint32(at * recordBytes + 4) < low);
}

const isAt = (view: DataView, at: number, { high, low }: ShortHash): boolean =>
  view.getUint32(at * recordBytes) === high && view.getUint32(at * recordBytes + 4) === low;

function barrierOf(untils: readonly number[]): Barrier {
  const [until] = untils.filter(Number.isFinite);
  return {
    ...(until !== undefined && { erased: new Date(until).toISOString() }),
    ...(untils.includes(Number.POSITIVE_INFINITY) && { suppressed: true }),
  };
}

const untilsOf = ({ erased, suppressed }: Barrier = {}): number[] => [
  ...(erased === undefined ? [] : [Date.parse(erased)]),
  ...(suppressed ? [Number.POSITIVE_INFINITY] : []),
];

/** A list with other barriers for some hashes; what is said last of a hash counts. */
export function withListed(list: BarrierList, listed: readonly Listed[]): BarrierList {
  const said = [...new Map(listed.map((each) => [`${each.hash.high} ${each.hash.low}`, each])).values()].sort(
    ({ hash: a }, { hash: b }) => a.high - b.high || a.low - b.low,
  );
  const view = viewOf(list);
  const records = said.reduce((sum, { barrier }) => sum + untilsOf(barrier).length, 0);
  const bytes = new Uint8Array(list.bytes.length + records * recordBytes);
  const written = new DataView(bytes.buffer);
  bytes.set(head);
  let from = 1;
  let to = 1;
  const copyTo = (end: number) => {
    bytes.set(list.bytes.subarray(from * recordBytes, end * recordBytes), to * recordBytes);
    to += end - from;
    from = end;
  };
  for (const { hash, barrier } of said) {
    let end = from;
    while (end <= list.size && isBefore(view, end, hash)) end++;
    copyTo(end);
    while (from <= list.size && isAt(view, from, hash)) from++;
    for (const until of untilsOf(barrier)) {
      written.setUint32(to * recordBytes, hash.high);
      written.setUint32(to * recordBytes + 4, hash.low);
      written.setFloat64(to * recordBytes + 8, until);
      to++;
    }
  }
  copyTo(list.size + 1);
  return readBarrierList(bytes.subarray(0, to * recordBytes));
}
