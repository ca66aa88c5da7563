import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { cannotRing } from '../../e2e/alarms/cannot-ring.ts';
import { templateFiles } from '../combinations.ts';
import { withRecords } from '../lake/records-config.ts';

import { at, ofType } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { shipped } from '../shipped.ts';
import { synthesized } from '../unbundled.ts';

const page = readFileSync('docs/guides/runbook.md', 'utf8');
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    heading: section.slice(0, section.indexOf('\n')),
    text: (section.split(/^## /m)[0] ?? '').slice(section.indexOf('\n')),
  }));

/** The example with a source that has records, which bring an alarm, as do APIs and topics that are read. */
const topics: CdpConfigInput['sources'][number] = {
  id: 'warehouse',
  kind: 'kafka',
  connection: { kind: 'brokers', brokers: ['kafka.example.com:9096'] },
  objects: [{ object: 'parcels', rows: 'events', topic: 'parcels' }],
};
const { Cdp = shipped() } = synthesized((app) => {
  new CdpStack(app, 'Cdp', { config: { ...withRecords, sources: [...withRecords.sources, topics] } });
});

const alarms = [shipped(), Cdp, ...[...templateFiles.values()].map(wholeTemplate)].flatMap((template) =>
  ofType(template, 'CloudWatch::Alarm'),
);

/** The heading that each alarm's description names. */
const named = [...new Map(alarms)].map(([id, alarm]) => ({
  id,
  anchor: /docs\/guides\/runbook\.md#(.+)$/.exec(String(at(alarm, 'Properties.AlarmDescription')))?.[1],
}));

describe('the runbook', () => {
  it.each(named)('says what to do when $id rings, under $anchor', ({ anchor }) =>
    expect(sections.map(({ heading }) => heading.toLowerCase())).toContain(anchor),
  );

  it.each(sections)('speaks under $heading of an alarm that is there', ({ heading }) =>
    expect(named.map(({ anchor }) => anchor)).toContain(heading.toLowerCase()),
  );

  it.each(sections)('gives under $heading a reason and something to do', ({ text }) => {
    expect(text.trim().split(/(?<=[.:]) /).length).toBeGreaterThan(1);
    expect(text).toMatch(/`[^`]+`|\]\([^)]+\)/);
  });
});

it.each(['docs/guides/contributing/testing.md', 'docs/guides/first-hour-on-aws.md'])(
  '%s names the alarms that have rung nowhere, and no others',
  (file) => {
    const [stated = ''] = /\b\w+ (?:alarms )?have rung nowhere.*?\. /s.exec(readFileSync(file, 'utf8')) ?? [];
    const names = [...stated.matchAll(/`([A-Z]\w+)`/g)].map(([, name = '']) => name);
    expect(names.sort()).toEqual(
      Object.keys(cannotRing)
        .map((id) => id.replace(/^Flow/, ''))
        .sort(),
    );
    expect(stated).toMatch(/^Four /);
  },
);
