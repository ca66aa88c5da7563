import type { AccessReport } from './report.ts';

type Rights = AccessReport['rights'];

/** What a person may ask for, by the law under which they asked. */
export const rightsUnder = (regulation: string): Rights => (regulation === 'ccpa' ? ofCalifornia : ofEurope);

const ofEurope: Rights = [
  { rule: 'GDPR Article 7(3)', right: 'You may withdraw a consent at any time.' },
  { rule: 'GDPR Article 16', right: 'You may ask that wrong data is corrected.' },
  { rule: 'GDPR Article 17', right: 'You may ask that your data is erased.' },
  { rule: 'GDPR Article 18', right: 'You may ask that your data is stored and not used.' },
  {
    rule: 'GDPR Article 20',
    right: 'You may ask for your data in a form that machines read: the file beside this page.',
  },
  { rule: 'GDPR Article 21', right: 'You may object to the use of your data for marketing and profiling.' },
  { rule: 'GDPR Article 22', right: 'You may ask that a person decides again what was decided by a machine alone.' },
];

const ofCalifornia: Rights = [
  { rule: 'CCPA § 1798.105', right: 'You may ask that your data is deleted.' },
  { rule: 'CCPA § 1798.106', right: 'You may ask that wrong data is corrected.' },
  { rule: 'CCPA § 1798.120', right: 'You may opt out of the sale and the sharing of your data.' },
  { rule: 'CCPA § 1798.125', right: 'Nobody may treat you worse because you use these rights.' },
];

/** To whom a person may complain. */
export const complaintUnder = (regulation: string): Rights =>
  regulation === 'ccpa'
    ? [{ rule: 'CCPA § 1798.199.45', right: 'You may complain to the California Privacy Protection Agency.' }]
    : [
        {
          rule: 'GDPR Article 77',
          right: 'You may complain to a supervisory authority, such as that of where you live.',
        },
      ];
