/** Seconds that a destination may ask to be left alone for; no two tries of a delivery are further apart. */
export const longestAsked = 3_600;

/** What the segment bus carries: one event per person, segment and change. */
export const segmentEvent = {
  source: 'cdp.segments',
  detailType: 'Segment Membership Changed',
} as const;

/** Source of events that the platform's own jobs put on the event stream; no configured source can have such an id. */
export const platformSource = '@platform';
