import { createHmac } from 'node:crypto';
import { type Identifier, typeOf } from '../core/identifier.ts';

/** Makes the part of an item's key that stands for an identifier and names no one. */
export type IdentifierKey = (id: Identifier) => string;

/** Keys `type#hmac` under the deployment's secret, so that neither a key nor a log line names anyone. */
export const identifierKey =
  (secret: string): IdentifierKey =>
  (id) =>
    `${typeOf(id)}#${createHmac('sha256', secret).update(id).digest('base64url')}`;
