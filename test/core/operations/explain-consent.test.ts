import { expect, it } from 'vitest';
import { explainConsent } from '../../../lambdas/core/operations/explain-consent.ts';
import { consentKey } from '../../../lambdas/core/profile/consent.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  purposes: [
    { key: 'ads', name: 'Ads', kind: 'advertising' },
    { key: 'stats', name: 'Statistics', default: 'granted' },
  ],
  destinations: [
    { id: 'ads', kind: 'webhook', events: {}, uses: ['ads'] },
    { id: 'stats', kind: 'webhook', events: {}, uses: ['stats'] },
    { id: 'mail', kind: 'webhook', events: {}, consent: ['mail'] },
  ],
});
const said = (granted: boolean, sourceId?: string) => ({
  ...{ granted, timestamp: minute(1), messageId: 'm1' },
  ...(sourceId && { sourceId }),
});

it('says what decides each purpose, with source and time, and whom it keeps from being told', () => {
  const consent = new Map([
    [consentKey('ads', 'anonymous_id:a'), said(true)],
    [consentKey('@gpc', 'anonymous_id:b'), said(false, 'web')],
    [consentKey('ads', 'user_id:u', true), said(true)],
    [consentKey('mail', 'anonymous_id:a'), said(true, 'web')],
  ]);
  const at = { at: minute(1), messageId: 'm1' };
  expect(explainConsent({ ...newProfile('p', eventOf({})), consent }, config)).toEqual({
    purposes: [
      {
        ...{ purpose: 'ads', isAllowed: false, by: 'statements' },
        statements: [
          { category: 'ads', granted: true, identifier: 'anonymous_id:a', isElsewhere: false, sourceId: null, ...at },
          {
            category: '@gpc',
            granted: false,
            identifier: 'anonymous_id:b',
            isElsewhere: false,
            sourceId: 'web',
            ...at,
          },
          { category: 'ads', granted: true, identifier: 'user_id:u', isElsewhere: true, sourceId: null, ...at },
        ],
      },
      { purpose: 'stats', isAllowed: true, by: 'default', statements: [] },
    ],
    withheldFrom: ['ads'],
  });
});
