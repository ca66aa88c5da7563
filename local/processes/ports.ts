import { createServer } from 'node:net';

/** Where the local platform listens, always on 127.0.0.1. */
export interface Ports {
  readonly emulator: number;
  readonly ingest: number;
  readonly webhook: number;
  readonly profile: number;
  readonly admin: number;
}

const defaultPort = 4566;

/** Some other process already listens where the platform would. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly port: number;

  constructor(port: number) {
    super(
      `port ${port} is in use. Stop what listens there, or choose other ports: CDP_LOCAL_PORT=${port + 1000} npm start`,
    );
    this.port = port;
  }
}

/** `CDP_LOCAL_PORT` is no port that leaves room for five. */
export class PortSettingInvalid extends Error {
  override readonly name = 'PortSettingInvalid';
  readonly setting: string;

  constructor(setting: string) {
    super(`CDP_LOCAL_PORT is "${setting}", and must be a port from 1024 to 65531`);
    this.setting = setting;
  }
}

/** Five ports in a row, from `CDP_LOCAL_PORT` on. */
export function portsFrom(setting: string | undefined = process.env.CDP_LOCAL_PORT): Ports {
  const first = setting === undefined || setting === '' ? defaultPort : Number(setting);
  if (!Number.isInteger(first) || first < 1024 || first > 65_531) throw new PortSettingInvalid(setting ?? '');
  return { emulator: first, ingest: first + 1, webhook: first + 2, profile: first + 3, admin: first + 4 };
}

/** Makes sure that all ports can be listened on. @throws PortInUse naming the first that cannot. */
export async function claimPorts(ports: Ports): Promise<void> {
  for (const port of Object.values<number>({ ...ports })) await tryPort(port);
}

const tryPort = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUse(port) : error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
