/** Longest pause in seconds that a destination may ask for; two tries of a delivery are at most this far apart. */
export const longestAsked = 3_600;

/** Events on the segment bus: one for each person, segment and change, or computed trait. */
export const segmentEvent = {
  source: 'cdp.segments',
  detailType: 'Segment Membership Changed',
  traitDetailType: 'Computed Trait Changed',
} as const;

/** Source of events from the platform's own jobs; a configured source cannot have this id. */
export const platformSource = '@platform';

/** Source of events by which a privacy officer speaks for a person; a configured source cannot have this id. */
export const privacySource = '@privacy';

/** Attribute of a message that an operator put on a destination's queue again. */
export const redrivenAttribute = 'redriven';
