import { describe, expect, it } from 'vitest';
import { errorMessageOf, errorNameOf } from '../../../lambdas/core/values/thrown.ts';

class Stopped extends Error {
  override readonly name = 'Stopped';
}

describe('whatever was thrown', () => {
  it.each([
    { thrown: new TypeError('no network'), message: 'no network', name: 'TypeError' },
    { thrown: new Stopped('by hand'), message: 'by hand', name: 'Stopped' },
    {
      thrown: Object.assign(new Error('slow down'), { name: 'ThrottlingException' }),
      message: 'slow down',
      name: 'ThrottlingException',
    },
    { thrown: 'a text', message: 'a text', name: 'thrown string' },
    { thrown: { message: 'ann@example.com' }, message: 'got an object', name: 'thrown object' },
    { thrown: Object.create(null), message: 'got an object', name: 'thrown object' },
    { thrown: Symbol('x'), message: 'got Symbol(x)', name: 'thrown symbol' },
    { thrown: undefined, message: 'got nothing', name: 'thrown undefined' },
    { thrown: null, message: 'got null', name: 'thrown object' },
    { thrown: 42, message: 'got a number', name: 'thrown number' },
  ])('has a message and a name: $name', ({ thrown, message, name }) => {
    expect([errorMessageOf(thrown), errorNameOf(thrown)]).toEqual([message, name]);
  });
});
