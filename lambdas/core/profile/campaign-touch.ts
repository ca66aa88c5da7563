import type { Event } from '../events/event.ts';
import { fieldsOf } from '../values/json.ts';
import { ownValue } from '../values/own-value.ts';
import { compareTexts } from '../values/text.ts';

/** How a person arrived: the campaign and the referring page. */
interface Touch {
  readonly timestamp: string;
  readonly messageId: string;
  readonly campaign?: Readonly<Record<string, string>>;
  readonly referrer?: string;
}

/** The first and the last touch; absent until a touch exists. */
export interface Touches {
  readonly first?: Touch | undefined;
  readonly last?: Touch | undefined;
}

/** Campaign fields, each cut at 100 characters, with the names that analytics.js gives utm parameters. */
const campaignFields = ['source', 'medium', 'name', 'term', 'content'] as const;

/** An event's touch: a campaign, or a referrer on another host. */
export function touchOf(event: Event): Touch | undefined {
  const campaign = campaignOf(event.context?.campaign);
  const referrer = foreignReferrer(fieldsOf(event.context?.page));
  if (campaign === undefined && referrer === undefined) return undefined;
  const { timestamp, messageId } = event;
  return {
    timestamp,
    messageId,
    ...(campaign !== undefined && { campaign }),
    ...(referrer !== undefined && { referrer }),
  };
}

function campaignOf(value: unknown): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const stated = fieldsOf(value);
  const fields = campaignFields.flatMap((field) => {
    const text = ownValue(stated, field);
    return typeof text === 'string' && text !== '' ? [[field, text.slice(0, 100)]] : [];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

export const joinTouches = (a: Touches, b: Touches): Touches => ({
  first: [a.first, b.first].filter(isTouch).sort(inTime)[0],
  last: [a.last, b.last].filter(isTouch).sort(inTime).at(-1),
});

const isTouch = (touch: Touch | undefined): touch is Touch => touch !== undefined;
/** Orders touches by time, then by message id, then by content, because several events may have one id. */
function inTime(a: Touch, b: Touch): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return compareTexts(a.messageId, b.messageId) || (wordsOf(a) < wordsOf(b) ? -1 : 1);
}
const wordsOf = ({ campaign, referrer }: Touch): string => JSON.stringify([campaign, referrer]);

/** The referrer without its query, which may contain anything. */
function foreignReferrer({ referrer, url }: Record<string, unknown>): string | undefined {
  if (typeof referrer !== 'string' || !URL.canParse(referrer)) return undefined;
  const { origin, host, pathname } = new URL(referrer);
  const own = typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined;
  return host === '' || host === own ? undefined : `${origin}${pathname}`.slice(0, 300);
}
