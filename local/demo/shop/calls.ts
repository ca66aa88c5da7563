type Values = Readonly<Record<string, string | number | boolean>>;

interface AnyCall {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userId?: string;
  readonly anonymousId?: string;
  /** Whom it is about: a person's userId, or the device of someone who never says who they are. Not sent. */
  readonly about: string;
}

/** What the demo asks an SDK to send. */
export type Call =
  | (AnyCall & { readonly type: 'page'; readonly name: string })
  | (AnyCall & { readonly type: 'track'; readonly event: string; readonly properties: Values })
  | (AnyCall & { readonly type: 'identify'; readonly traits: Values });

/** A call before it has a message id. */
export type UnsentCall = Call extends infer Any ? (Any extends Call ? Omit<Any, 'messageId'> : never) : never;

/** Who sends: the shop's web site, its back end, or the tool that sends its newsletter. */
export type Sender = 'storefront' | 'shop-backend' | 'newsletter-tool';

/** Calls that one SDK sends in one request. */
export interface SdkRequest {
  readonly sender: Sender;
  readonly calls: readonly Call[];
}

/** Requests whose order does not matter among themselves. */
export interface Phase {
  readonly title: string;
  /** What must have come out of the phases before, so that the order in which things arrive decides nothing. */
  readonly after: 'nothing' | 'everything is in profiles' | 'entries are delivered';
  readonly requests: readonly SdkRequest[];
}
