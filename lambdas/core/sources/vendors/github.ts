import { type Entry, externalId, textAt, titled, type Vendor } from './entry.ts';

/**
 * A few of GitHub's events: what people do with a repository. The name of an event and the id of a delivery are in
 * headers that GitHub does not sign, so the id of an event is made of the body.
 */
export const github: Vendor = {
  read: ({ body, headers }): Entry[] => {
    const action = textAt(body, 'action');
    const type = [headers['x-github-event'] ?? '', ...(action === undefined ? [] : [action])].join('.');
    const time = textAt(body, 'starred_at') ?? textAt(body, 'head_commit.timestamp');
    return [{ type, time, body, more: { name: titled(type), sender: textAt(body, 'sender.id') } }];
  },
  mappings: [
    {
      on: [
        'star.created',
        'star.deleted',
        'issues.*',
        'issue_comment.created',
        'pull_request.*',
        'push',
        'sponsorship.*',
      ],
      to: {
        type: 'track',
        event: { '@path': '$.name' },
        properties: {
          repository: { '@path': '$.body.repository.full_name' },
          login: { '@path': '$.body.sender.login' },
          number: { '@path': '$.body.issue.number' },
        },
        context: { externalIds: [externalId('github_user_id', '$.sender')] },
      },
    },
  ],
};
