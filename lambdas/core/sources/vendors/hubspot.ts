import { fieldsOf } from '../../values/json.ts';
import { type Entry, externalId, listOf, textAt, timeAt, type Vendor } from './entry.ts';

const context = { externalIds: [externalId('hubspot_contact_id', '$.contact')] };

/** HubSpot's contacts: a list of notifications, each about one change of one property. */
export const hubspot: Vendor = {
  read: ({ body }) => listOf(body).map(readNotification),
  mappings: [
    {
      on: ['contact.propertyChange'],
      to: { type: 'identify', traits: { '@path': '$.changed' }, context },
    },
    { on: ['contact.creation'], to: { type: 'track', event: 'Contact Created', context } },
    {
      on: ['contact.deletion', 'contact.privacyDeletion'],
      to: { type: 'track', event: 'Contact Deleted', context },
    },
    { on: ['contact.restore'], to: { type: 'track', event: 'Contact Restored', context } },
  ],
};

function readNotification(body: unknown): Entry {
  const { propertyName, propertyValue } = fieldsOf(body);
  const name = typeof propertyName === 'string' ? (ourNames.get(propertyName) ?? propertyName) : undefined;
  // HubSpot writes an empty text for a property that was emptied.
  const changed = name === undefined ? {} : { [name]: propertyValue === '' ? null : propertyValue };
  // An event id alone need not be unique, and the number of an attempt differs between deliveries.
  const id = ['eventId', 'subscriptionId', 'objectId', 'occurredAt'].map((part) => textAt(body, part) ?? '').join('.');
  return {
    type: typeOf(body),
    id,
    time: timeAt(body, 'occurredAt'),
    body,
    more: { contact: textAt(body, 'objectId'), changed },
  };
}

/** Newer apps are told about objects of any kind; `0-1` is the kind of contacts. */
function typeOf(body: unknown): string {
  const type = textAt(body, 'subscriptionType') ?? '';
  return textAt(body, 'objectTypeId') === '0-1' ? type.replace(/^object\./, 'contact.') : type;
}

const ourNames = new Map([
  ['firstname', 'first_name'],
  ['lastname', 'last_name'],
]);
