import type { Digest } from './digest.ts';
import { cap, safe } from './escape.ts';

/** Chats that take messages by a webhook. */
export type Chat = 'slack' | 'teams';

/** Slack: 150 characters in a header, 3,000 in a block of text, 50 blocks. https://docs.slack.dev/reference/block-kit/blocks */
const SLACK = { header: 150, block: 3_000, blocks: 8 };
/** Teams takes 28 KB a message; characters may need several bytes, and an escape each. */
const TEAMS = { block: 2_000, blocks: 4 };

/** The body of a webhook's request: one message, in which nothing that a stranger wrote calls, links or formats (B6.25). */
export function chatMessage(chat: Chat, { subject, text }: Pick<Digest, 'subject' | 'text'>): string {
  return JSON.stringify(chat === 'slack' ? slack(subject, text) : teams(subject, text));
}

function slack(subject: string, text: string): object {
  const { header, block, blocks } = SLACK;
  // plain_text knows no mentions, links or formats; the entities are for `text`, which does.
  const sections = partsOf(text, block, blocks, slackText).map((part) => ({
    type: 'section',
    text: { type: 'plain_text', text: part, emoji: false },
  }));
  const title = cap(safe(subject), header);
  return {
    text: slackText(title),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: 'header', text: { type: 'plain_text', text: title, emoji: false } }, ...sections],
  };
}

function teams(subject: string, text: string): object {
  const { block, blocks } = TEAMS;
  const body = partsOf(text, block, blocks, teamsText).map((part) => ({
    type: 'TextBlock',
    wrap: true,
    text: part,
  }));
  const title = { type: 'TextBlock', weight: 'bolder', wrap: true, text: teamsText(cap(safe(subject), 150)) };
  const content = { type: 'AdaptiveCard', version: '1.4', body: [title, ...body] };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

/** What Slack takes for markup; without `<`, `<!channel>`, `<@U…>` and links are text. */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the Markdown of adaptive cards takes for markup. */
export function teamsText(text: string): string {
  return text.replace(/[\\[\]()*_`|~#<>!@]/g, (mark) => `\\${mark}`);
}

/** Whole lines in blocks of at most so many characters, escapes counted; what there is no room for is said to be elsewhere. */
function partsOf(
  text: string,
  block: number,
  blocks: number,
  escaped: (line: string) => string,
): readonly string[] {
  const parts: string[] = [];
  for (const line of text.split('\n').map((one) => fitting(safe(one), block, escaped))) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length < block) parts[parts.length - 1] = `${last}\n${line}`;
    else if (parts.length === blocks) return [...parts, 'There is more in the mail about this run.'];
    else if (line !== '') parts.push(line);
  }
  return parts;
}

/** Cut before it is escaped, so that no half escape remains. */
function fitting(line: string, most: number, escaped: (line: string) => string): string {
  const whole = escaped(line);
  return whole.length < most ? whole : escaped(cap(line, Math.floor(most / 6)));
}
