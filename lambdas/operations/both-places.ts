import { countReasons, type Going, type Redriven, type RedrivePlace } from '../core/operations/redrive-place.ts';

/** Two places under one name. The second is sent only while the first one's receiver takes what it is given. */
export const bothPlaces = (first: RedrivePlace, second: RedrivePlace): RedrivePlace => ({
  async look() {
    const [one, other] = await Promise.all([first.look(), second.look()]);
    const times = [one.since, other.since].filter((since) => since !== undefined);
    const reasons = [...one.reasons, ...other.reasons].flatMap(([reason, times]) => Array<string>(times).fill(reason));
    return {
      what: one.what,
      count: one.count + other.count,
      since: times.length > 0 ? Math.min(...times) : undefined,
      reasons: countReasons(reasons),
    };
  },
  async send(going: Going): Promise<Redriven> {
    const one = await first.send(going);
    if (one.left.some(({ name }) => name === theRest)) return one;
    const other = await second.send({ ...going, tell: (sent) => going.tell(one.sent + sent) });
    const others = (one.others ?? 0) + (other.others ?? 0);
    return {
      what: one.what,
      sent: one.sent + other.sent,
      ...(others > 0 && { others }),
      left: [...one.left, ...other.left],
    };
  },
});

/** What a place calls all that it did not try. */
const theRest = 'the rest';
