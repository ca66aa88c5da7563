import type { Rule } from '../rule.ts';
import { ofType, type Resource, type Template } from '../template.ts';

/**
 * CloudFormation makes a new value whenever this block of a secret changes, by a single character, and the old one is
 * gone. Another key of the HMACs orphans every identifier of every profile, for good; other tokens lock every
 * application out; other settings stop a destination. So no release may ever change these.
 */
const generated: readonly (readonly [construct: RegExp, block: string | RegExp])[] = [
  [/IdentifierKey[0-9A-F]{8}$/, '{"ExcludePunctuation":true,"PasswordLength":64}'],
  [/AccessTokens[0-9A-F]{8}$/, '{"GenerateStringKey":"unused","SecretStringTemplate":"{\\"tokens\\":[]}"}'],
  [/SourceSecrets[0-9A-F]{8}$/, '{"GenerateStringKey":"unused","SecretStringTemplate":"{}"}'],
  [/Pulls\w+Secret[0-9A-F]{8}$/, '{"GenerateStringKey":"unused","SecretStringTemplate":"{}"}'],
  [/Settings[0-9A-F]{8}$/, '{}'],
  [
    /SignIn[0-9A-F]{8}$/,
    /^\{"GenerateStringKey":"password","SecretStringTemplate":"\{\\"username\\":\\"cdp-[\w-]+\\"\}"\}$/,
  ],
  [
    /SignIn[0-9A-F]{8}$/,
    '{"GenerateStringKey":"unused","SecretStringTemplate":"{\\"certificate\\":\\"\\",\\"privateKey\\":\\"\\"}"}',
  ],
  [/Authority[0-9A-F]{8}$/, '{"GenerateStringKey":"unused","SecretStringTemplate":"{\\"certificate\\":\\"\\"}"}'],
];

const isBlock = (text: string, block: string | RegExp): boolean =>
  typeof block === 'string' ? text === block : block.test(text);

const isAsEver = ([id, { Properties }]: [string, Resource]): boolean =>
  generated.some(
    ([construct, block]) => construct.test(id) && isBlock(JSON.stringify(Properties?.GenerateSecretString), block),
  );

const secrets = (template: Template): [string, Resource][] => ofType(template, 'SecretsManager::Secret');

const spoiledBy = (change: (properties: Record<string, unknown>) => void) => (template: Template) => {
  for (const [, { Properties = {} }] of secrets(template)) change(Properties);
};

const name = 'every secret is generated as it ever was, byte for byte, for any change gives it a new value';
const breaches = (template: Template): string[] =>
  secrets(template).length === 0
    ? ['no secret']
    : secrets(template)
        .filter((one) => !isAsEver(one))
        .map(([id]) => id);

/** What keeps the values of secrets. */
export const secretRules: readonly Rule[] = [
  {
    name,
    breaches,
    spoil: spoiledBy((properties) => Object.assign(properties.GenerateSecretString as object, { PasswordLength: 65 })),
  },
  {
    name: `${name}: also a default that is written out`,
    breaches,
    spoil: spoiledBy((properties) =>
      Object.assign(properties.GenerateSecretString as object, { ExcludeLowercase: false }),
    ),
  },
  {
    name: `${name}: also when it is left out`,
    breaches,
    spoil: spoiledBy((properties) => Reflect.deleteProperty(properties, 'GenerateSecretString')),
  },
];
