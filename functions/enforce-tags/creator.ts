import { createHash } from 'node:crypto';
import { matchesGlob } from '../../shared/engine/glob.ts';
import type { Actor } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Settings } from './settings.ts';
import { inAlphabet } from './text.ts';

/** Who made a resource, as a tag would hold it; `name` undefined: nobody that could be named. */
export interface Creator {
  readonly name: string | undefined;
  /** Where the name comes from, or why there is none. */
  readonly how: string;
  /** The root user made it, which nobody should (B2.26). */
  readonly root: boolean;
}

/** Sessions that SDKs, the CLI and CI systems name; no person would (B2.22). */
const AUTOMATION: readonly string[] = [
  'botocore-session-*',
  'aws-go-sdk-*',
  'aws-sdk-*',
  'AWSCLI-Session',
  'GitHubActions*',
  'GitLabRunner*',
  'terraform-*',
  'AWSCloudFormation',
  'AWSBackup-*',
  'AutoScaling*',
];

/**
 * Names the person, team or role behind a call, for people to read: whoever calls chooses his session's name, so it
 * grants nothing (B2.28). `key` is the tag that an instance's own tags are asked for.
 */
export function creatorOf(
  actor: Actor,
  key: string,
  instance: Tags | undefined,
  settings: Settings['creator'],
): Creator {
  const { name, how } = identityOf(actor, key, instance, settings);
  return { name: name === undefined ? settings.fallback : name, how, root: actor.type === 'Root' };
}

type Named = Omit<Creator, 'root'>;

function identityOf(
  actor: Actor,
  key: string,
  instance: Tags | undefined,
  settings: Settings['creator'],
): Named {
  if (actor.type === 'Root') return { name: 'root', how: 'the root user made it' };
  // A service is nobody's owner: its parent's tags or a default come instead (B2.25).
  const service = actor.invokedBy ?? (actor.type === 'AWSService' ? actor.name : undefined);
  if (service !== undefined) return { name: undefined, how: `${service} made it for somebody` };
  switch (actor.type) {
    case 'IAMUser':
      return named(actor.name, `${actor.name} made it`, settings);
    case 'AssumedRole':
      return ofRole(actor, key, instance, settings);
    default:
      return lookedUp(actor.name, actor.type, settings);
  }
}

function ofRole(actor: Actor, key: string, instance: Tags | undefined, settings: Settings['creator']): Named {
  const [role = '', session = ''] = /:assumed-role\/(.+)$/.exec(actor.arn ?? '')?.[1]?.split('/') ?? [];
  const person = actor.onBehalfOf;
  if (person !== undefined && Object.hasOwn(settings.names, person)) {
    return named(person, `the Identity Center user ${person} made it`, settings);
  }
  // shared/events takes the source identity where there is one: the session cannot change it (B2.27).
  if (actor.name !== session) return named(actor.name, `its source identity is ${actor.name}`, settings);
  if (/^i-[0-9a-f]{8,17}$/.test(session)) return ofInstance(session, key, instance);
  if (isAutomation(session, role, settings)) {
    return named(role, `${session} of role ${role} is automation`, settings);
  }
  const how = role.startsWith('AWSReservedSSO_') ? 'signed in by SSO' : `of role ${role}`;
  return named(session, `${session}, ${how}, made it`, settings);
}

function isAutomation(session: string, role: string, { automation }: Settings['creator']): boolean {
  // Lambda names a function's session after the function, mostly like its role.
  return session === role || [...AUTOMATION, ...automation].some((pattern) => matchesGlob(pattern, session));
}

/** An instance's owner owns what its programs make; one hop, never further (B2.24). */
function ofInstance(id: string, key: string, instance: Tags | undefined): Named {
  const name = instance?.get(key);
  return name === undefined
    ? { name, how: `a program on ${id} made it, which has no ${key} itself` }
    : { name, how: `a program on ${id} made it` };
}

/** Federated, foreign and unknown identities: worth what the table makes of them, nothing by themselves (B2.26). */
function lookedUp(id: string, type: string, settings: Settings['creator']): Named {
  if (Object.hasOwn(settings.names, id)) return named(id, `${id} (${type}) made it`, settings);
  return { name: undefined, how: `it cannot be told who ${id} (${type}) is` };
}

function named(name: string, how: string, { names, mail }: Settings['creator']): Named {
  const listed = Object.hasOwn(names, name) ? names[name] : undefined;
  if (listed !== undefined) return { name: listed, how };
  const clean = inAlphabet(mail === 'keep' || !name.includes('@') ? name : withoutMail(name, mail));
  return clean === ''
    ? { name: undefined, how: `${how}, under a name that cannot be written` }
    : { name: clean, how };
}

/** AWS warns of personal data in tags, and a mail address is some (B2.29). */
function withoutMail(address: string, mail: 'alias' | 'hash'): string {
  if (mail === 'alias') return address.slice(0, address.indexOf('@'));
  return createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 16);
}
