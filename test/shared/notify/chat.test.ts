import { expect, it } from 'vitest';
import { chatMessage, slackText, teamsText } from '../../../shared/notify/chat.ts';

const EVIL = '<!channel> <@U123> <https://evil.example|click> & [x](https://evil.example) *b* _i_ `c` a|b';

it('B6.25 Slack takes nothing that a stranger wrote for a mention, a link or a format', () => {
  const message = JSON.parse(chatMessage('slack', { subject: EVIL, text: `- ${EVIL}\n  more` }));

  expect(message.text).not.toMatch(/[<>]/);
  expect(message.text).toContain('&lt;!channel&gt; &lt;@U123&gt;');
  for (const block of message.blocks) expect(block.text).toMatchObject({ type: 'plain_text', emoji: false });
  expect(message.blocks[1].text.text).not.toMatch(/[<>]/);
  expect(slackText('a & <b>')).toBe('a &amp; &lt;b&gt;');
});

it('B6.25 Teams takes nothing that a stranger wrote for Markdown', () => {
  const message = JSON.parse(chatMessage('teams', { subject: EVIL, text: EVIL }));

  for (const { text } of message.attachments[0].content.body) {
    expect(text.replace(/\\./g, '')).not.toMatch(/[[\]()*_`|<>]/);
  }
  expect(teamsText('[a](b) \\ |')).toBe('\\[a\\]\\(b\\) \\\\ \\|');
});

it.each([
  ['slack', 3_000, 40_000],
  ['teams', 2_000, 28_000],
] as const)(
  'B6.25 B6.33 caps blocks and the whole message for %s, and says that there is more',
  (chat, most, whole) => {
    const text = Array.from({ length: 3_000 }, (_, index) => `${index} ${'<&*'.repeat(40)}`).join('\n');
    const body = chatMessage(chat, { subject: 'S'.repeat(9_000), text: `${'*'.repeat(20_000)}\n${text}` });
    const message = JSON.parse(body);
    const texts: readonly string[] =
      chat === 'slack'
        ? message.blocks.map((block: { text: { text: string } }) => block.text.text)
        : message.attachments[0].content.body.map((block: { text: string }) => block.text);

    expect(Math.max(...texts.map((one) => one.length))).toBeLessThanOrEqual(most);
    expect(Buffer.byteLength(body)).toBeLessThan(whole);
    expect(texts.at(-1)).toBe('There is more in the mail about this run.');
  },
);

it('B6.34 hides secrets in a chat as everywhere', () => {
  expect(chatMessage('slack', { subject: 'x', text: 'AKIAABCDEFGHIJKLMNOP' })).not.toContain('AKIAABCD');
});
