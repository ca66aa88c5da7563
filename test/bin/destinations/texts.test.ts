import { describe, expect, it } from 'vitest';
import { exampleOf } from '../../../bin/destinations/example.ts';
import { literal } from '../../../bin/destinations/literal.ts';
import { addText, describeText, listText } from '../../../bin/destinations/texts.ts';
import { resultText } from '../../../bin/destinations/trial.ts';
import { toolFlaws } from '../../../lambdas/adapters/destinations/catalogue/checks/tool-flaws.ts';
import { categorizedTools } from '../../../lambdas/adapters/destinations/catalogue/definitions/categories.ts';
import type { Definition } from '../../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  installedDefinition,
  installedTools,
} from '../../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { whyUnusable } from '../../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';
import type { CatalogueDestination } from '../../../lambdas/core/destinations/definition.ts';

const usable = installedTools().filter((tool) => whyUnusable(tool) === undefined);

describe('tools', () => {
  it('have a category each, and those that cannot be used have none', () =>
    expect([...categorizedTools()].sort()).toEqual([...usable].sort()));

  it.each(usable)('%s has an example that its definition accepts', (tool) => {
    const example = exampleOf(tool, installedDefinition(tool) as Definition);
    const destination = {
      lists: {},
      audience: {},
      settings: {},
      traits: [],
      consent: [],
      ...example,
    } as CatalogueDestination;
    expect(toolFlaws(destination)).toEqual([]);
  });

  it('are listed by category, all or those of a word', () => {
    expect(listText()).toContain(`${usable.length} tools; npm run destination -- describe <name>`);
    expect(listText('klaviyo')).toContain('Messages and engagement (1)\n  klaviyo  Klaviyo');
    expect(listText('klaviyo')).toContain('\n\n1 tools;');
    expect(() => listText('xyzzy')).toThrow('no tool of the catalogue is called "xyzzy"');
  });

  it.each([
    { tool: 'klaviyo', says: ['api_key', 'secret', 'addProfileToList', 'it gets one a segment'] },
    { tool: 'hubspot', says: ['Tokens of OAuth', '"refreshToken": "…"'] },
    { tool: 'google-enhanced-conversions', says: ['ADWORDS_DEVELOPER_TOKEN', '"environment": {'] },
    {
      tool: 'slack',
      says: ['postToChannel', 'not by itself', 'It needs no secret.', 'when: \'event = "Audience Entered"\''],
    },
  ])('$tool is described with what it needs', ({ tool, says }) => {
    for (const part of says) expect(describeText(tool)).toContain(part);
  });

  it('are added by what to paste and what to run', () =>
    expect(addText('braze')).toBe(`In cdp.config.ts, below destinations:

{ id: 'braze', kind: 'catalogue', tool: 'braze', segments: ['big_spenders'], settings: {} },

After the deployment, write its secret to a file and store it. Then delete the file.

{
  "settings": {
    "api_key": "…"
  }
}

npm run destination -- braze --settings secret.json

Then try it: npm run destination -- test braze --segment big_spenders`));

  it.each([
    { tool: 'aws-s3', says: 'aws-s3 cannot be used here: it takes roles' },
    { tool: 'nope', says: 'the catalogue has no "nope"' },
    { tool: '../webhook', says: 'the catalogue has no' },
  ])('are refused by name: $tool', ({ tool, says }) => expect(() => describeText(tool)).toThrow(says));
});

it('writes values as TypeScript', () => {
  const long = 'x'.repeat(90);
  expect(literal({ a: "it's", 'b-c': [1, true], d: {} })).toBe("{ a: 'it\\'s', 'b-c': [1, true], d: {} }");
  expect(literal({ a: { b: long }, c: [long] })).toBe(`{\n  a: {\n    b: '${long}',\n  },\n  c: ['${long}'],\n}`);
});

it('shows what a trial sent, was answered, and came to', () => {
  const exchanges = [{ method: 'POST', url: 'https://a.example/', body: '{"a":1}', status: 401, answer: 'no' }];
  expect(resultText({ outcome: { kind: 'unauthorized', reason: 'HTTPError 401' }, exchanges })).toBe(
    'POST https://a.example/\n  {"a":1}\nanswered 401\n  no\n\nunauthorized: HTTPError 401. The destination did not accept the credentials',
  );
  expect(resultText({ outcome: { kind: 'filtered', reason: 'nothing sent' }, exchanges: [] })).toContain(
    'filtered: nothing sent. Nothing was sent',
  );
});
