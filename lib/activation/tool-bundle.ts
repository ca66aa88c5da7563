import { usesTokens } from '../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  installedDefinition,
  modulePath,
} from '../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { needsSecret } from '../../lambdas/adapters/destinations/catalogue/definitions/needs-secret.ts';
import { wayOut } from '../../lambdas/core/contract/way-out.ts';
import type { CatalogueDestination, Destination } from '../../lambdas/core/destinations/definition.ts';

/** What the function of a destination needs of the stack because of its kind and its tool. */
export interface ToolBundle {
  /** Modules that replace others in the bundle. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Whether the function stores tokens that the tool has refreshed. */
  readonly usesTokens: boolean;
  /** What its secret holds; undefined if it needs none. */
  readonly secret: string | undefined;
}

/** The definition that the code imports. The one of the configured tool replaces it. */
const imported = modulePath('webhook');

/** A bundle contains one kind of destination; the name is that of its file. */
const only = (
  kind: Destination['kind'] | 'open-catalogue',
  { events }: Pick<Destination, 'events'>,
): Readonly<Record<string, string>> => ({
  ...wayOut,
  '#asked-barriers': `lambdas/adapters/barriers/${events === undefined ? 'none' : 'asked-by-keys'}.ts`,
  '#destination-kind': `lambdas/functions/deliver/kinds/${kind}.ts`,
});

const address = '{"url": "https://...", "sharedSecret": "..."}';

/** What the function of a destination needs because of its tool. Loads no definition but that of the tool. */
export function toolBundle(destination: Destination): ToolBundle {
  const bundle = { aliases: only(destination.kind, destination), usesTokens: false };
  switch (destination.kind) {
    case 'catalogue':
      return catalogueBundle(destination);
    case 'own':
      return {
        ...bundle,
        aliases: { ...bundle.aliases, '#own-destination': destination.module },
        secret: '{"settings": {"...": "..."}}',
      };
    case 'webhook':
    case 'slack':
      return { ...bundle, secret: address };
    case 'kafka':
      return { ...bundle, secret: '{"settings": {"mechanism": "...", "username": "...", "password": "..."}}' };
    default:
      // The role of the function is what they know it by.
      return { ...bundle, secret: undefined };
  }
}

function catalogueBundle(destination: CatalogueDestination): ToolBundle {
  const { tool } = destination;
  const definition = installedDefinition(tool);
  const isOpen = definition !== undefined && !needsSecret(tool, definition);
  return {
    aliases: {
      ...only(isOpen ? 'open-catalogue' : 'catalogue', destination),
      [imported]: `node_modules/${modulePath(tool)}`,
    },
    usesTokens: definition !== undefined && usesTokens(definition),
    secret: isOpen ? undefined : 'see npm run destination -- describe',
  };
}
