import type { Letter, Told } from './letters.ts';

/** Something that people have to know. */
export interface News {
  readonly id: string;
  readonly policy: string;
  readonly region: string;
  /** Since when it is so: whatever was said before was said of something else. Epoch ms. */
  readonly since: number;
  /** Words that say what is out of policy, where more than one thing may be. */
  readonly says?: RegExp;
}

/** How things stand when it is asked what people know. */
export interface Standing {
  /** Epoch ms. */
  readonly now: number;
  readonly mode: 'report' | 'enforce';
  readonly killSwitch: 'on' | 'off' | 'unreadable';
}

/** Left alone for a reason that lasts until somebody does something. */
const LASTING =
  /a person has to decide|the cap was reached|so it is( managed elsewhere and)? only told|nothing is changed there|is not in order: /;

/** Whether one of the letters says of it what is true, and is still true. */
export function isTold(letters: readonly Letter[], news: News, standing: Standing): boolean {
  return letters.some(
    ({ at, policy, told }) =>
      at >= news.since &&
      policy === news.policy &&
      told.some((one) => one.id === news.id && saysSo(one, news) && stillHolds(one, standing)),
  );
}

function saysSo({ words }: Told, { says }: News): boolean {
  return says === undefined || says.test(words);
}

/** Done, in its grace, queued, exempt, in another's hands: each is true only for as long as it is so. */
function stillHolds({ heading, words }: Told, { now, mode, killSwitch }: Standing): boolean {
  if (heading === 'Done') return false;
  if (/^ {2}Failed: /m.test(words)) return true;
  const due = /^ {2}Queued: .*not before (\S+Z)/m.exec(words)?.[1];
  if (due !== undefined) return new Date(due).getTime() > now;
  if (words.includes('Only reported (mode: report)')) return mode === 'report';
  if (words.includes('could not be read, which counts as on')) return killSwitch === 'unreadable';
  if (words.includes('So it was only reported.')) return killSwitch === 'on';
  const isUnknown = !/\]$/m.test(words.split('\n', 1)[0] ?? '') && !words.includes('Why: Exempt until');
  return isUnknown || LASTING.test(words);
}

/** Whether people were told that it, or all of its kind and place, could not be read, and since when they know. */
export function isUnread(
  letters: readonly Letter[],
  { id, policy, region, since }: Omit<News, 'says'>,
): boolean {
  const type = typeOf(id);
  // Where types are read each on their own, the line says which.
  const ofItsKind = (line: string) => !line.includes('AWS::') || line.includes(type);
  return letters.some(
    (letter) =>
      letter.at >= since &&
      letter.policy === policy &&
      (letter.failedPlaces.some((line) => line.includes(`, ${region}: `) && ofItsKind(line)) ||
        letter.unread.some(
          (line) =>
            line.startsWith(`- ${id} `) ||
            line.includes(`:::${id} `) ||
            (line.startsWith('- all ') && ofItsKind(line)),
        )),
  );
}

function typeOf(id: string): string {
  if (id.startsWith('sg-')) return 'AWS::EC2::SecurityGroup';
  if (id.includes(':log-group:')) return 'AWS::Logs::LogGroup';
  return id.startsWith('i-') ? 'AWS::EC2::Instance' : 'AWS::S3::Bucket';
}
