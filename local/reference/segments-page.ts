import type { Project } from 'ts-morph';
import { buildersText, stepsText } from './language.ts';

const room = 'lambdas/core/segments/language';

/** Files with the builders of segments and computed traits, by the heading of their section. */
export const builderFiles: ReadonlyMap<string, string> = new Map([
  ['Conditions', `${room}/people.ts`],
  ['Events', `${room}/events.ts`],
  ['Computations', `${room}/compute.ts`],
]);

/** File with the steps that several builders have. */
export const stepsFile = `${room}/steps.ts`;

const beginnings: ReadonlyMap<string, string> = new Map([
  ['Conditions', 'They say what is known of a person, and combine conditions.'],
  [
    'Events',
    "They say what a person did. `event` is the name of a track call, `page()`, `screen()`, or another type such as\n`{ type: 'identify' }`. `where` are up to ten comparisons that begin with `property` or `context`; all must be true.",
  ],
  [
    'Computations',
    'They are the `compute` of a trait. With a comparison they are a condition, and with a window they count the events in\nit only.',
  ],
]);

/** The page about the language of segments and computed traits. */
export function segmentsPage(project: Project, generated: string): string {
  const steps = project.addSourceFileAtPath(stepsFile);
  const events = project.addSourceFileAtPath(`${room}/events.ts`);
  return [
    '# Language of segments',
    '',
    generated,
    '',
    'Every function that builds the `where` of a segment or the `compute` of a trait, with its steps.',
    '[Segments](../concepts/segments.md) explains how they are evaluated, the [guides](../guides/segments/README.md) show',
    'each with people who enter and exit. `npx cdk synth` checks each definition, and names the place of what is wrong.',
    '',
    ...[...builderFiles].flatMap(([heading, path]) => [
      `## ${heading}`,
      '',
      beginnings.get(heading) ?? '',
      `Import them from \`${path}\`.`,
      '',
      ...buildersText(project.addSourceFileAtPath(path)),
    ]),
    '## Counts and sequences',
    '',
    'Steps after `did` and `didNot`.',
    '',
    ...stepsText(events.getInterfaceOrThrow('DidSteps')),
    '## Windows',
    '',
    'Steps after `did`, `didNot`, `didFirst`, `didLast`, `trait`, a sequence or a computation. A duration is a number of',
    'minutes, hours, days or weeks: `90m`, `12h`, `30d`, `2w`. A day of a duration has 24 hours.',
    '',
    ...stepsText(steps.getVariableStatementOrThrow('windowSteps')),
    '## Comparisons',
    '',
    'Steps after `trait`, `property`, `context` or a computation. [Readings](../concepts/segments.md#how-values-are-read)',
    'says how values are read. A `Scalar` is a text, a number or a boolean.',
    '',
    ...stepsText(steps.getVariableStatementOrThrow('comparisonSteps')),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
