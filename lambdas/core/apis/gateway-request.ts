import { isObject } from '../values/json.ts';

/** A request of API Gateway (payload format 2.0) with a value in each field that a function reads. */
export interface GatewayRequest {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Keys are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Undefined when the gateway sends nothing. */
  readonly isBase64Encoded: boolean | undefined;
  readonly requestContext: {
    readonly domainName: string;
    readonly requestId: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
  };
}

/** Reads the event of a gateway. A field that is absent, `null` or of another kind becomes an empty one. */
export function gatewayRequest(event: unknown): GatewayRequest {
  const { rawPath, rawQueryString, queryStringParameters, headers, body, isBase64Encoded, requestContext } =
    fieldsOf(event);
  const { domainName, requestId, http } = fieldsOf(requestContext);
  const { method, path, sourceIp } = fieldsOf(http);
  return {
    rawPath: textOf(rawPath) || textOf(path),
    rawQueryString:
      typeof rawQueryString === 'string' ? rawQueryString : String(new URLSearchParams(textsOf(queryStringParameters))),
    headers: Object.fromEntries(textsOf(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: textOf(body),
    isBase64Encoded: typeof isBase64Encoded === 'boolean' ? isBase64Encoded : undefined,
    requestContext: {
      domainName: textOf(domainName),
      requestId: textOf(requestId),
      http: { method: textOf(method), sourceIp: textOf(sourceIp) },
    },
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): [string, string][] =>
  Object.entries(fieldsOf(value)).flatMap(([name, text]): [string, string][] =>
    typeof text === 'string' ? [[name, text]] : [],
  );
