import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBus } from '../../../adapters/destinations/native/event-bus.ts';
import { regionOf } from '../../../core/destinations/native-kinds.ts';
import { kindOf, withoutSecret } from './kind.ts';

/** A bus of EventBridge. */
export const kind = kindOf('eventbridge', ({ bus }) =>
  withoutSecret(eventBus(new EventBridgeClient(regionOf(bus)), bus)),
);
