import { inboxOf } from '../../../sandbox/services/sns/state.ts';
import type { Account } from './account.ts';

/** Under which heading of a message a resource stands: what it says that became of it. */
export type Heading = 'Failed or still to come' | 'Done' | 'Left alone';

/** What a message says about one resource: what is true of it, and what became of it. */
export interface Told {
  readonly id: string;
  readonly heading: Heading;
  /** All lines about it. */
  readonly words: string;
}

/** One message about one run, as the people who get it read it. */
export interface Letter {
  /** When it arrived, epoch ms. */
  readonly at: number;
  readonly policy: string;
  readonly told: readonly Told[];
  /** Lines about what was named and could not be read. */
  readonly unread: readonly string[];
  /** Lines about places that could not be read to their end, with their account and region. */
  readonly failedPlaces: readonly string[];
  /** Lines about a journal from which it could not be read, or dealt with, what earlier runs left open. */
  readonly failedLooks: readonly string[];
}

/** Read once: a message stays as it is. */
const read = new WeakMap<object, Letter>();

const HEADINGS: readonly Heading[] = ['Failed or still to come', 'Done', 'Left alone'];

/** What people got, oldest first. What could not be delivered is none of it. */
export function lettersTo(account: Account): readonly Letter[] {
  return inboxOf(account.world, account.topicArn)
    .filter(({ error }) => error === undefined)
    .map((delivery) => {
      const letter = read.get(delivery) ?? readLetter(delivery.message, delivery.at.getTime());
      read.set(delivery, letter);
      return letter;
    });
}

/** Reads the text of a message: titled parts between blank lines, an entry to each `- `. */
export function readLetter(text: string, at: number): Letter {
  const parts = new Map(
    text.split('\n\n').map((part): [string, readonly string[]] => {
      const [title = '', ...lines] = part.split('\n');
      return [title, entriesOf(lines)];
    }),
  );
  const [first = ''] = parts.keys();
  // What a run that only looks back could not read is the journal, and no resource.
  const looksBack = text.includes('\nSet off by reconcil');
  const failed = (parts.get('Where Reeve looked') ?? []).filter((line) => line.includes('; failed: '));
  return {
    at,
    policy: /\(([^()]+)\)$/.exec(first)?.[1] ?? '',
    told: HEADINGS.flatMap((heading) =>
      (parts.get(heading) ?? []).map((words) => ({ id: idIn(words), heading, words })),
    ),
    unread: parts.get('Could not be read') ?? [],
    failedPlaces: looksBack ? [] : failed,
    failedLooks: looksBack ? failed : [],
  };
}

function entriesOf(lines: readonly string[]): readonly string[] {
  const entries: string[] = [];
  for (const line of lines) {
    if (line.startsWith('- ') || entries.length === 0) entries.push(line);
    else entries.push(`${entries.pop()}\n${line}`);
  }
  return entries;
}

/** Buckets are called by their names, whatever the policy calls them. */
function idIn(words: string): string {
  return (/^- (\S+?),? /.exec(words)?.[1] ?? '').replace(/^arn:[^:]+:s3:::/, '');
}
