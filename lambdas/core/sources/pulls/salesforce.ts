import { bearer, companies, type PresetObject, type PullPreset, people } from './preset.ts';

/**
 * `queryAll` gives deleted rows, too, while they are in the recycle bin. SystemModstamp becomes visible late, when a
 * long transaction ends: the lag covers a quarter of an hour, and the read of everything the rest.
 */
const objectOf = (name: string, declared: PresetObject['declared']): PresetObject => {
  const fields = `{${declared.object}Fields}`;
  const rows = {
    path: '/services/data/v62.0/queryAll',
    rows: 'records',
    pages: { type: 'link', at: 'nextRecordsUrl' },
    drop: ['attributes', 'IsDeleted'],
    deleted: { column: 'IsDeleted', values: [true] },
  } as const;
  const select = `SELECT Id, IsDeleted, SystemModstamp, ${fields} FROM ${name}`;
  return {
    declared,
    reading: {
      windowDays: 30,
      reads: [
        {
          means: 'changes',
          ...rows,
          params: { q: `${select} WHERE SystemModstamp >= {from} AND SystemModstamp < {to} ORDER BY SystemModstamp` },
        },
        {
          means: 'all',
          ...rows,
          path: '/services/data/v62.0/query',
          everyHours: 168,
          params: { q: `${select} ORDER BY Id` },
        },
      ],
    },
  };
};

const names = /^[A-Za-z]\w*(\.\w+)?(, ?[A-Za-z]\w*(\.\w+)?)*$/;
const tokenUrl = 'https://{domain}.my.salesforce.com/services/oauth2/token';

/**
 * Contacts, leads and accounts of Salesforce. The fields of accounts are standard ones of the object reference, which
 * every organization has. Where person accounts are in use, they are among the accounts.
 */
export const salesforce: PullPreset = {
  pages: [
    'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_queryall.htm',
    'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_queryall.htm',
    'https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_account.htm',
  ],
  api: { baseUrl: 'https://{domain}.my.salesforce.com' },
  auths: {
    client: { type: 'oauth-client', tokenUrl },
    refresh: { type: 'oauth-refresh', tokenUrl },
    token: bearer,
  },
  settings: {
    domain: { pattern: /^[a-z0-9][a-z0-9-]{0,61}(--[a-z0-9]+\.sandbox)?$/ },
    contactsFields: { pattern: names, default: 'Email, Phone, MobilePhone, FirstName, LastName, Title, AccountId' },
    accountsFields: {
      pattern: names,
      default: 'Name, Website, Industry, NumberOfEmployees, AnnualRevenue, BillingCity, BillingCountry, Phone, Type',
    },
    leadsFields: { pattern: names, default: 'Email, Phone, FirstName, LastName, Company, Title, Status' },
  },
  objects: [
    objectOf(
      'Contact',
      people({
        object: 'contacts',
        id: 'salesforce_contact_id',
        key: 'Id',
        updatedAt: 'SystemModstamp',
        deleted: 'Contact Deleted',
        traits: {
          email: 'Email',
          phone: 'Phone',
          first_name: 'FirstName',
          last_name: 'LastName',
          title: 'Title',
        },
      }),
    ),
    objectOf(
      'Lead',
      people({
        object: 'leads',
        id: 'salesforce_lead_id',
        key: 'Id',
        updatedAt: 'SystemModstamp',
        deleted: 'Lead Deleted',
        traits: {
          email: 'Email',
          phone: 'Phone',
          first_name: 'FirstName',
          last_name: 'LastName',
          company_name: 'Company',
          title: 'Title',
          lead_status: 'Status',
        },
      }),
    ),
    objectOf(
      'Account',
      companies({
        object: 'accounts',
        prefix: 'salesforce_account',
        key: 'Id',
        updatedAt: 'SystemModstamp',
        traits: {
          name: 'Name',
          website: 'Website',
          industry: 'Industry',
          employees: 'NumberOfEmployees',
          annual_revenue: 'AnnualRevenue',
          city: 'BillingCity',
          country: 'BillingCountry',
          phone: 'Phone',
          account_type: 'Type',
        },
      }),
    ),
  ],
};
