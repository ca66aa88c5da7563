type Values = Readonly<Record<string, string | number | boolean>>;

interface AnyCall {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userId?: string;
  readonly anonymousId?: string;
  /** The person's userId, or the device of an anonymous visitor. The SDKs do not send it. */
  readonly about: string;
  /** What the person allows, and the company that the call is about. */
  readonly context?: {
    readonly consent?: { readonly categoryPreferences: Readonly<Record<string, boolean>> };
    readonly groupId?: string;
  };
}

/** A call that the demo passes to an SDK. */
export type Call =
  | (AnyCall & { readonly type: 'page'; readonly name: string })
  | (AnyCall & { readonly type: 'track'; readonly event: string; readonly properties: Values })
  | (AnyCall & { readonly type: 'identify'; readonly traits: Values })
  | (AnyCall & { readonly type: 'group'; readonly groupId: string; readonly traits: Values });

/** A call before it has a message id. */
export type UnsentCall = Call extends infer Any ? (Any extends Call ? Omit<Any, 'messageId'> : never) : never;

/** A sender: the shop's web site, its back end, or its newsletter tool. */
export type Sender = 'storefront' | 'shop-backend' | 'newsletter-tool';

/** Calls that one SDK sends in one request. */
export interface SdkRequest {
  readonly sender: Sender;
  readonly calls: readonly Call[];
}

/** Requests that the demo can send in any order. */
export interface Phase {
  readonly title: string;
  /** Results of earlier phases that this phase needs, so that the order of arrival cannot change the outcome. */
  readonly after: 'nothing' | 'everything is in profiles' | 'entries are delivered';
  readonly requests: readonly SdkRequest[];
}
