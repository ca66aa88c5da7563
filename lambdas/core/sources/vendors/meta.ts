import { fieldsOf } from '../../values/json.ts';
import { type Entry, externalId, listOf, textAt, timeAt, type Vendor } from './entry.ts';

/** Meta's lead forms. A request tells only ids: the lead itself is at Meta, for a program with a page's token. */
export const meta: Vendor = {
  read: ({ body }) => {
    const { entry, object } = fieldsOf(body);
    return listOf(entry).flatMap((one) =>
      listOf(fieldsOf(one).changes).map((change) => readChange(change, one, object)),
    );
  },
  mappings: [
    {
      on: ['page.leadgen'],
      to: {
        type: 'track',
        event: 'Lead Submitted',
        properties: {
          leadgen_id: { '@path': '$.body.value.leadgen_id' },
          form_id: { '@path': '$.body.value.form_id' },
          page_id: { '@path': '$.body.value.page_id' },
          ad_id: { '@path': '$.body.value.ad_id' },
        },
        context: { externalIds: [externalId('meta_lead_id', '$.lead')] },
      },
    },
  ],
};

function readChange(change: unknown, entry: unknown, object: unknown): Entry {
  const lead = textAt(change, 'value.leadgen_id');
  return {
    type: `${typeof object === 'string' ? object : ''}.${textAt(change, 'field') ?? ''}`,
    id: lead,
    time: timeAt(change, 'value.created_time') ?? timeAt(entry, 'time'),
    body: change,
    more: { lead },
  };
}
