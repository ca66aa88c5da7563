import * as z from 'zod';
import { toldTypes, usualPersonal } from '../profile/known-as.ts';
import { DeclaredId } from '../values/declared-id.ts';
import { CatalogueTool } from './catalogue-tool.ts';
import { DeliveryRules } from './delivery-rules.ts';
import { ForwardedEvents, NeededConsent } from './forwarding/forwarded-events.ts';
import {
  EmailDestination,
  EventBridgeDestination,
  KafkaDestination,
  OwnDestinationKind,
  S3Destination,
  SlackDestination,
  SnsDestination,
  SqsDestination,
} from './native-kinds.ts';

/** What every destination has. */
const shared = {
  /** Name in commands and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  id: DeclaredId,
  /** Keys of the segments whose changes this destination receives. */
  segments: z.array(z.string()).default([]),
  /** Keys of the computed traits whose values this destination is told. */
  traits: z.array(z.string()).default([]),
  /**
   * Traits of the person that come with each change of a segment or a trait, so that the tool finds the person. By
   * default, the e-mail address; `[]` for none.
   */
  personal: z.array(z.string().min(1)).default(usualPersonal),
  /**
   * Types of identifiers by which it knows people, and gets a call for each identifier: `user_id`, `anonymous_id` and
   * `email`. By default, all user ids, or without one all devices, with the e-mail address of now.
   */
  identifiers: z.array(z.enum(toldTypes)).nonempty().optional(),
  /** Which events are forwarded to it as they come. By default, none. */
  events: ForwardedEvents.optional(),
  /**
   * Categories of consent that a person must have granted. Without them no event is forwarded, and the person is no
   * member of any segment to this destination.
   */
  consent: NeededConsent,
  /**
   * Keys of the purposes that it uses data for. Without them no event is sent, and the person is no member of any
   * segment to this destination.
   */
  uses: z.array(z.string()).default([]),
  ...DeliveryRules.shape,
};

/** A tool that receives the changes of segments, or events. */
export const Destination = z.discriminatedUnion('kind', [
  z.strictObject({
    /** An HTTPS address of your own, or of a tool that receives webhooks. */
    kind: z.literal('webhook'),
    ...shared,
  }),
  z.strictObject({
    /** A tool of the catalogue; `tool` is its name there. */
    kind: z.literal('catalogue'),
    ...shared,
    ...CatalogueTool.shape,
  }),
  S3Destination.extend(shared),
  SqsDestination.extend(shared),
  SnsDestination.extend(shared),
  EventBridgeDestination.extend(shared),
  EmailDestination.extend(shared),
  SlackDestination.extend(shared),
  KafkaDestination.extend(shared),
  OwnDestinationKind.extend(shared),
]);
export type Destination = z.infer<typeof Destination>;

/** The configuration of a destination of a kind. */
export type DestinationOf<Kind extends Destination['kind']> = Extract<Destination, { readonly kind: Kind }>;

/** A destination that is a tool of the catalogue. */
export type CatalogueDestination = Extract<Destination, { readonly kind: 'catalogue' }>;
