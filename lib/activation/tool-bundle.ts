import { usesTokens } from '../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  installedDefinition,
  modulePath,
} from '../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { wayOut } from '../../lambdas/core/contract/way-out.ts';
import type { Destination } from '../../lambdas/core/destinations/definition.ts';

/** What the function of a destination needs of the stack because of its tool. */
export interface ToolBundle {
  /** Modules that replace others in the bundle. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Whether the function stores tokens that the tool has refreshed. */
  readonly usesTokens: boolean;
  /** What its secret holds. */
  readonly secret: string;
}

/** The definition that the code imports. The one of the configured tool replaces it. */
const imported = modulePath('webhook');

/** What the function of a destination needs because of its tool. Loads no definition but that of the tool. */
export function toolBundle(destination: Destination): ToolBundle {
  const none = { aliases: wayOut, usesTokens: false, secret: '{"url": "https://...", "sharedSecret": "..."}' };
  if (destination.kind === 'own') return { ...none, aliases: { ...wayOut, '#own-destination': destination.module } };
  if (destination.kind !== 'catalogue') return none;
  const definition = installedDefinition(destination.tool);
  if (definition === undefined) return none;
  const aliases = { ...wayOut, [imported]: `node_modules/${modulePath(destination.tool)}` };
  return { aliases, usesTokens: usesTokens(definition), secret: 'see npm run destination -- describe' };
}
