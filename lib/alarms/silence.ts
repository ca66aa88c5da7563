import { longestGap } from './schedule-gap.ts';

/**
 * The longest that CloudWatch looks back:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, `Period`.
 */
export const hoursOfAWeek = 7 * 24;

/**
 * Hours of silence after which the alarm rings: the time of two runs plus one hour, at most one week. Undefined if two
 * runs may be further apart, or if their distance is unknown.
 */
export function silence(schedule: string): number | undefined {
  const gap = longestGap(schedule)?.toHours({ integral: false });
  return gap === undefined || gap + 1 > hoursOfAWeek ? undefined : Math.min(hoursOfAWeek, Math.ceil(2 * gap) + 1);
}
