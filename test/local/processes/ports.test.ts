import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { claimPorts, PortInUse, PortSettingInvalid, portsFrom } from '../../../local/processes/ports.ts';

it('takes five ports in a row', () => {
  expect(portsFrom(undefined)).toEqual({ emulator: 4566, ingest: 4567, webhook: 4568, profile: 4569, admin: 4570 });
  expect(portsFrom('5000')).toEqual({ emulator: 5000, ingest: 5001, webhook: 5002, profile: 5003, admin: 5004 });
});

it.each(['x', '80', '65532', '4566.5'])('refuses CDP_LOCAL_PORT=%s', (setting) => {
  expect(() => portsFrom(setting)).toThrow(PortSettingInvalid);
});

it('names the port that is in use and a way out', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(claimPorts({ emulator: 0, ingest: 0, webhook: port, profile: 0, admin: 0 })).rejects.toThrow(
    new PortInUse(port),
  );
  expect(new PortInUse(port).message).toMatch(`port ${port} is in use`);
  server.close();
});
