import { expect, it } from 'vitest';
import { readToken } from '../../../lambdas/core/apis/basic-credentials.ts';

const long = 'x'.repeat(200);
const encoded = (text: string): string => Buffer.from(text).toString('base64');

it.each([
  { name: 'the user name', authorization: `Basic ${encoded('tok:')}`, token: 'tok' },
  { name: 'with a password, which does not count', authorization: `Basic ${encoded('tok:secret:more')}`, token: 'tok' },
  { name: 'without a colon', authorization: `Basic ${encoded('tok')}`, token: 'tok' },
  { name: 'in any case and with blanks around', authorization: `  bASIC \t ${encoded('tok:')}  `, token: 'tok' },
  { name: 'of 200 characters', authorization: `Basic ${encoded(`${long}:`)}`, token: long },
  { name: 'no longer', authorization: `Basic ${encoded(`${long}x:`)}`, token: undefined },
  { name: 'none where there is no header', authorization: undefined, token: undefined },
  { name: 'none of another scheme', authorization: `Bearer ${encoded('tok:')}`, token: undefined },
  { name: 'none of a scheme that ends alike', authorization: `xBasic ${encoded('tok:')}`, token: undefined },
  { name: 'none with words behind it', authorization: `Basic ${encoded('tok:')} more`, token: undefined },
  { name: 'none that is empty', authorization: `Basic ${encoded(':secret')}`, token: undefined },
  { name: 'none without credentials', authorization: 'Basic ', token: undefined },
])('reads a token, $name', ({ authorization, token }) => expect(readToken(authorization)).toBe(token));
