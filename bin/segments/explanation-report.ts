import type { SegmentExplanation } from '../../lambdas/core/operations/explain-segment.ts';
import type { CountedEvent } from '../../lambdas/core/segments/explanation/evidence.ts';
import type { Reason } from '../../lambdas/core/segments/explanation/reason.ts';
import { textTable } from '../terminal/text-table.ts';

/** Events of a part that are shown; `--json` has all. */
const mostEvents = 10;

/** Why a person is in a segment or not, as a tree of the rule's parts. */
export function explanationReport(explanation: SegmentExplanation): string {
  const { segment, name, profileId, at, reason } = explanation;
  return [
    `${profileId} is ${reason.isTrue ? '' : 'not '}in ${segment} (${name}) at ${at}`,
    reason.flipsAt === null
      ? 'Without an event that does not change.'
      : `Without an event it ${reason.isTrue ? 'leaves' : 'enters'} at ${reason.flipsAt}.`,
    ...tableLines(explanation),
    '',
    ...linesOf(reason, ''),
  ].join('\n');
}

/** What the profile table says; the time of entry is what destinations were told. */
function tableLines({ memberSince, isDecidedByThese, lacksHistory, reason }: SegmentExplanation): string[] {
  const since =
    memberSince === null
      ? 'The profile table does not have it in the segment.'
      : `In the profile table it is in the segment since ${memberSince}.`;
  if (!isDecidedByThese)
    return [
      since,
      'The profile was last written with other definitions than those of cdp.config.ts. After a deployment its next event decides it again, or npm run segment -- apply.',
    ];
  if (lacksHistory)
    return [
      since,
      'That stays so until npm run segment -- apply has brought the events from before this definition, which the profile lacks.',
    ];
  return (memberSince !== null) === reason.isTrue
    ? [since]
    : [`${since} That changes within a minute, when the profile is woken, or with its next event.`];
}

function linesOf({ rule, isTrue, flipsAt, values, events, parts }: Reason, indent: string): string[] {
  const until = flipsAt === null ? '' : `, ${isTrue ? 'until' : 'but from'} ${flipsAt}${isTrue ? '' : ' on'}`;
  const inner = `${indent}     `;
  return [
    `${indent}${isTrue ? 'yes' : 'no '}  ${rule}${until}`,
    ...values.map(({ what, value }) => `${inner}${what}: ${value === null ? 'none' : JSON.stringify(value)}`),
    ...eventLines(events).map((line) => `${inner}${line}`),
    ...parts.flatMap((part) => linesOf(part, inner)),
  ];
}

function eventLines(events: readonly CountedEvent[]): string[] {
  const rows = events
    .slice(0, mostEvents)
    .map(({ event, at, mark, value }) => [
      at,
      event,
      mark === null ? '' : `mark ${mark}`,
      value === undefined ? '' : JSON.stringify(value),
    ]);
  const rest = events.length - rows.length;
  return [...textTable(rows), ...(rest > 0 ? [`and ${rest} older ones`] : [])];
}
