import { afterEach, expect, it, vi } from 'vitest';
import { MissingSetting, required } from '../../../lambdas/adapters/runtime/environment.ts';

afterEach(() => vi.unstubAllEnvs());

it('reads what is set', () => {
  vi.stubEnv('EVENT_STREAM', 'events');
  expect(required('EVENT_STREAM')).toBe('events');
});

it.each([undefined, ''])('names what is missing (%s)', (value) => {
  vi.stubEnv('EVENT_STREAM', value);
  expect(() => required('EVENT_STREAM')).toThrow(new MissingSetting('EVENT_STREAM'));
});
