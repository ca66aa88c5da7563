import type { PlatformOutputs } from '../platform.ts';
import type { Count } from './findings.ts';

/** The counts as a table, expected beside measured. */
export function countsTable(counts: readonly Count[]): string[] {
  const number = (value: number) => value.toLocaleString('en-US').padStart(9);
  return [
    `  ${''.padEnd(28)}${''.padEnd(10)}${'expected'.padStart(9)} ${'measured'.padStart(9)}`,
    ...counts.map(
      ({ what, where, expected, measured }) =>
        `  ${what.padEnd(28)}${where.padEnd(10)}${number(expected)} ${number(measured)}${expected === measured ? '' : '  ← differs'}`,
    ),
  ];
}

const mostShown = 20;

/** The first differences, and how many more there are. */
export function differencesList(found: readonly string[]): string[] {
  const more = found.length - mostShown;
  return [...found.slice(0, mostShown).map((line) => `  - ${line}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

/** What a reader can do next on the running platform. */
export function nextSteps({ ingestUrl, writeKey, deliveriesUrl, emulatorUrl, lakeBucket }: PlatformOutputs): string[] {
  const identify = `{"userId":"you","traits":{"email":"you@example.com","newsletter":true,"lifetime_value":250}}`;
  return [
    'Try next, while it runs:',
    '  Become a customer, and see what the webhook is told of you:',
    `    curl -u ${writeKey}: -H 'content-type: application/json' ${ingestUrl}/v1/identify -d '${identify}'`,
    `    curl -s ${deliveriesUrl} | tail -c 700`,
    '  Look at the raw events in the lake:',
    `    curl -s '${emulatorUrl}/${lakeBucket}?list-type=2&prefix=raw/'`,
    '  Point an SDK at it: the host is the URL above, the write keys are in .local/outputs.json.',
    '  Change a segment in cdp.config.ts and start again; .local/deliveries.ndjson keeps every request the webhook got.',
  ];
}
