import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { ofType } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const events = { types: ['track' as const] };

/** Functions that are told the secret of identifiers' keys, and policies that let somebody read it. */
function knowing(consent: readonly string[]) {
  const destinations = [{ id: 'some', kind: 'webhook' as const, events, consent: [...consent] }];
  const { Some: template = { Resources: {} } } = synthesized((app) => {
    new CdpStack(app, 'Some', { config: { ...config, destinations } });
  });
  const secret = ofType(template, 'SecretsManager::Secret').find(([id]) => id.includes('IdentifierKey'))?.[0] ?? '';
  expect(secret).not.toBe('');
  const functions = ofType(template, 'Lambda::Function').filter(([, { Properties }]) =>
    JSON.stringify(Properties?.Environment ?? {}).includes(`"${env.identifierKeySecret}"`),
  );
  const permitted = (['IAM::Policy', 'IAM::Role'] as const)
    .flatMap((type) => ofType(template, type))
    .filter(([, resource]) => JSON.stringify(resource).includes(`"${secret}"`));
  return [...functions, ...permitted].map(([id]) => id).filter((id) => /Forward|Deliver/.test(id));
}

it.each([[['ads']], [[]]])('lets forward, and no code of tools, make keys of people with the consent %s', (consent) =>
  expect(knowing(consent)).toEqual([
    expect.stringMatching(/ForwardingForward[0-9A-F]{8}$/),
    expect.stringMatching(/ForwardRole/),
  ]),
);
