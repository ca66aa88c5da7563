import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Decides what a deployed function answers; a thrown error is the function's. */
type Decide = (event: never) => unknown;

/** Answers on behalf of deployed functions, so that a test sees each invocation and chooses its outcome. */
export class Oracle {
  private readonly deciders = new Map<string, Decide>();
  private readonly server: Server = createServer(async (request, response) => {
    try {
      const answer = await this.deciders.get(request.url ?? '')?.((await json(request)) as never);
      response.end(JSON.stringify(answer ?? null));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });

  /** Listens and says where. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on, `decide` answers for the function of this name. */
  answers(name: string, decide: Decide): void {
    this.deciders.set(`/${name}`, decide);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Source of a function that asks the oracle. */
export const askingFunction = `exports.handler = async (event) => {
  const answer = await fetch(process.env.ORACLE, { method: 'POST', body: JSON.stringify(event) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};`;
