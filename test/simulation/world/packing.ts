import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { packingItems } from '../../../lambdas/adapters/dynamodb/packed-items.ts';

interface Args {
  readonly input: object;
}
type Next = (args: Args) => Promise<{ readonly output: object; readonly response?: object }>;
type Middleware = (next: Next) => Next;

/** A fake client that packs and unpacks items by the middleware that the real one has. */
export function packed(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  const stack: Middleware[] = [];
  packingItems({
    middlewareStack: { add: (middleware: Middleware) => stack.push(middleware) },
  } as unknown as DynamoDBDocumentClient);
  const send = async (command: Args): Promise<object> => {
    const call: Next = async ({ input }) => ({
      output: await client.send(new (command.constructor as new (input: object) => never)(input)),
    });
    return (await stack.reduce((next, middleware) => middleware(next), call)(command)).output;
  };
  return { send } as unknown as DynamoDBDocumentClient;
}
