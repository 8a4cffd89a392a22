import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Session } from '@aws-sdk/client-ssm';
import type { Aws } from '../../shared/aws/access.ts';
import { eventsByName } from '../../shared/aws/events-by-name.ts';
import { sessionsSince } from '../../shared/aws/ssm/sessions.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `loginsOf` calls. */
export const loginRights = [...sessionsSince.rights, ...eventsByName.rights];

/** The calls behind a login that CloudTrail sees; a plain SSH login is no call, and never in it (B1.44). */
const LOGIN_CALLS = ['StartSession', 'SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey', 'OpenTunnel'];

const DAY = 86_400_000;
/** What Session Manager remembers (B1.43). */
const SESSION_MEMORY = 30 * DAY;

/** Who logged in where since then, in words, by instance id or private address; by the sources that are configured. */
export async function loginsOf(
  aws: Aws,
  since: Date,
  { logins, windowDays }: Settings,
): Promise<ReadonlyMap<string, string>> {
  const remembered = new Date(since.getTime() + Math.max(0, windowDays * DAY - SESSION_MEMORY));
  return new Map([
    ...(logins.cloudTrail ? await byCloudTrail(aws, since) : []),
    ...(logins.sessions ? await bySessionManager(aws, remembered) : []),
  ]);
}

type Logins = readonly (readonly [target: string, text: string])[];

async function byCloudTrail(aws: Aws, since: Date): Promise<Logins> {
  const found: [string, string][] = [];
  for (const name of LOGIN_CALLS) {
    for (const event of await eventsByName(aws, name, since)) {
      const target = targetOf(event);
      const when = event.EventTime?.toISOString() ?? 'an unknown day';
      if (target !== undefined) found.push([target, `${event.Username ?? 'somebody'} by ${name} on ${when}`]);
    }
  }
  return found;
}

async function bySessionManager(aws: Aws, since: Date): Promise<Logins> {
  const sessions = await sessionsSince(aws, since);
  // Those that run come first and say the most: they are to be the last word.
  return sessions
    .toReversed()
    .flatMap(
      (session): Logins => (session.Target === undefined ? [] : [[session.Target, sessionText(session)]]),
    );
}

/** One session in words. */
export function sessionText({
  Owner: owner = '',
  Status: status,
  StartDate: start,
}: Pick<Session, 'Owner' | 'Status' | 'StartDate'>): string {
  const who = owner.split('/').at(-1) || 'somebody';
  if (status === 'Connected' || status === 'Connecting') return `${who} is connected by Session Manager`;
  return `${who} by Session Manager on ${start?.toISOString() ?? 'an unknown day'}`;
}

function targetOf({ CloudTrailEvent: text }: Event): string | undefined {
  const request = new Field(text, '').json()?.at('requestParameters');
  const named = ['target', 'instanceId', 'privateIpAddress'].map((key) => request?.at(key).optionalText());
  return named.find((each) => each !== undefined);
}
