import { createServer } from 'node:net';

/** Ports of the local platform on 127.0.0.1. */
export interface Ports {
  readonly emulator: number;
  readonly ingest: number;
  readonly webhook: number;
  readonly profile: number;
  readonly admin: number;
}

const defaultPort = 4566;

/** Another process listens on a port of the platform. */
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

/** `CDP_LOCAL_PORT` is not a port with four more after it. */
export class PortSettingInvalid extends Error {
  override readonly name = 'PortSettingInvalid';
  readonly setting: string;

  constructor(setting: string) {
    super(`CDP_LOCAL_PORT is "${setting}", and must be a port from 1024 to 65531`);
    this.setting = setting;
  }
}

/** Five consecutive ports, from `CDP_LOCAL_PORT` on. */
export function portsFrom(setting: string | undefined = process.env.CDP_LOCAL_PORT): Ports {
  const first = setting === undefined || setting === '' ? defaultPort : Number(setting);
  if (!Number.isInteger(first) || first < 1024 || first > 65_531) throw new PortSettingInvalid(setting ?? '');
  return { emulator: first, ingest: first + 1, webhook: first + 2, profile: first + 3, admin: first + 4 };
}

/** Checks that all ports are free. @throws PortInUse with the first port in use */
export async function claimPorts(ports: Ports): Promise<void> {
  for (const port of Object.values<number>({ ...ports })) if (!(await isFree(port))) throw new PortInUse(port);
}

/** Whether nobody listens on a port of 127.0.0.1. @throws Error when that cannot be tried */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
