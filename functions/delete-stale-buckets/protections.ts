import type { Configuration, PartName } from '../../shared/aws/s3/configuration.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import type { Facts } from './facts.ts';
import { isEmpty } from './life.ts';
import { readPolicy } from './policy-document.ts';
import { withoutOurRules } from './rules.ts';
import type { Settings } from './settings.ts';

/** A reason to leave a bucket alone. `certain: false`: what may protect it could not be read, which protects too. */
export interface Protection {
  readonly code: string;
  /** A clause, e.g. "Object Lock is on". */
  readonly reason: string;
  readonly certain: boolean;
}

type Value = { readonly [key: string]: Json };

/** What a setting of the bucket says against deleting it; none, or clauses by code. */
interface Rule {
  readonly part: PartName;
  /** What is looked for, for "whether … could not be read". */
  readonly about: string;
  readonly against: (value: Value, bucket: Bucket, settings: Settings) => readonly [string, string][];
}

const RULES: readonly Rule[] = [
  {
    part: 'objectLock',
    about: 'Object Lock is on',
    against: () => [['object-lock', 'Object Lock is on, which is there to keep things']],
  },
  {
    part: 'versioning',
    about: 'MFA Delete is on',
    against: ({ MFADelete }) =>
      MFADelete === 'Enabled'
        ? [['mfa-delete', 'MFA Delete is on: only a person with the device may delete']]
        : [],
  },
  { part: 'policy', about: 'its policy forbids deleting or lets others in', against: byPolicy },
  { part: 'acl', about: 'its ACL lets others in', against: byAcl },
  {
    part: 'replication',
    about: 'it is replicated',
    against: () => [['replication-source', 'it is replicated to another bucket']],
  },
  {
    part: 'website',
    about: 'it is a website',
    against: () => [['website', 'it is configured as a website']],
  },
  {
    part: 'notification',
    about: 'it sends notifications',
    against: (_value, _bucket, { notifications }) =>
      notifications === 'allow'
        ? []
        : [['notification', 'it sends notifications, and every deletion would fire one']],
  },
];

/** The parts of the configuration that protections rest on. */
export const PROTECTING_PARTS: readonly PartName[] = [...RULES.map(({ part }) => part), 'lifecycle'];

/**
 * Everything that speaks against deleting this bucket. Nothing that was not read counts as absent. `due`: what is empty
 * by now was emptied by us.
 */
export function protections(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  due: boolean,
): readonly Protection[] {
  return [
    ...RULES.flatMap((rule) => applied(rule, bucket, facts, settings)),
    ...ofContents(facts),
    ...overwriting(facts),
    ...(due ? [] : byDesign(facts)),
    ...ofReferences(facts),
  ];
}

/** Clauses about whoever else may read a bucket, by its policy and ACL; what cannot be read may let anybody in. */
export function othersIn(configuration: Configuration, account: string): readonly string[] {
  const readers: readonly [PartName, (value: Value) => readonly [string, string][]][] = [
    ['policy', (value) => byPolicy(value, { account })],
    ['acl', byAcl],
  ];
  return readers.flatMap(([name, against]) => {
    const part = configuration.get(name);
    if (part?.state === 'unset') return [];
    if (part?.state !== 'set') return [`its ${name} could not be read (${part?.why ?? 'it was not asked'})`];
    return against(part.value)
      .filter(([code]) => code === 'granted-to-others' || code === 'policy-unclear')
      .map(([, reason]) => reason);
  });
}

function applied(rule: Rule, bucket: Bucket, facts: Facts, settings: Settings): readonly Protection[] {
  const part = facts.configuration?.get(rule.part);
  if (part?.state === 'unset') return [];
  if (part?.state === 'set') {
    return rule
      .against(part.value, bucket, settings)
      .map(([code, reason]) => ({ code, reason, certain: true }));
  }
  return [unread(rule.part, rule.about, part?.why ?? 'it was not asked')];
}

function unread(code: string, about: string, why: string): Protection {
  return {
    code: `${code}-unreadable`,
    reason: `whether ${about} could not be read (${why})`,
    certain: false,
  };
}

function byPolicy(
  { Policy: text }: Value,
  { account }: Pick<Bucket, 'account'>,
): readonly [string, string][] {
  const policy = typeof text === 'string' ? readPolicy(text, account) : undefined;
  if (policy === undefined) return [['policy-unclear', 'its policy cannot be understood']];
  const { denies, others, services } = policy;
  return [
    ...clause('policy-denies-delete', denies, (some) => `its policy denies deleting (${some})`),
    ...clause('granted-to-others', others, (some) => `its policy lets ${some} in`),
    ...clause('service-uses', services, (some) => `its policy lets ${some} use it, e.g. for logs`),
  ];
}

function clause(code: string, found: readonly string[], text: (some: string) => string): [string, string][] {
  if (found.length === 0) return [];
  const some = found.slice(0, 3).join(', ');
  return [[code, text(found.length > 3 ? `${some} and ${found.length - 3} more` : some)]];
}

/** Groups are `everybody` and AWS's log delivery; a canonical id that is not the owner's is another account. */
function byAcl({ Owner: owner, Grants: grants }: Value): readonly [string, string][] {
  const ownId = member(owner, 'ID');
  const list: readonly Json[] = Array.isArray(grants) ? grants : [];
  const strangers = list
    .map((grant) => member(grant, 'Grantee'))
    .filter((grantee) => member(grantee, 'ID') === undefined || member(grantee, 'ID') !== ownId)
    .map((grantee) => String(member(grantee, 'URI') ?? member(grantee, 'ID') ?? 'somebody'));
  return clause('granted-to-others', strangers, (some) => `its ACL lets ${some} in`);
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function ofContents({ signs }: Facts): readonly Protection[] {
  if (signs?.contents.state !== 'read') return [];
  const { stateFiles, serviceLogs, archives } = signs.contents.value;
  const certain = true;
  const found: Protection[] = [];
  if (stateFiles) found.push({ code: 'state-file', reason: 'it holds Terraform state (*.tfstate)', certain });
  if (serviceLogs) {
    found.push({ code: 'service-logs', reason: 'it holds logs of AWS services (AWSLogs/)', certain });
  }
  if (archives) {
    const reason = 'it holds the manifest or copies of an archive, without which nothing archived comes back';
    found.push({ code: 'archive', reason, certain });
  }
  return found;
}

/**
 * An object that is overwritten keeps the number of objects as it is, unless each version counts and no rule takes old
 * ones away; where the listing was cut short only request metrics would show it (B4.1, B4.2).
 */
function overwriting({ signs, configuration }: Facts): readonly Protection[] {
  if (signs?.contents.state !== 'read' || signs.contents.value.complete) return [];
  const versioning = configuration?.get('versioning');
  const counts = versioning?.state === 'set' && versioning.value.Status === 'Enabled';
  const expires = expiresVersions(configuration);
  if ((counts && !expires) || signs.requests.state === 'read') return [];
  const flat = counts ? 'a lifecycle rule may take as many versions as are written' : 'has no versions';
  const why = `it is too large to list, ${flat}, and its request metrics are off`;
  return [unread('overwriting', 'its objects are overwritten', why)];
}

/** Whether a rule of others expires versions, current or not; true where nobody knows. */
function expiresVersions(configuration: Configuration | undefined): boolean {
  const part = configuration?.get('lifecycle');
  if (part?.state !== 'set') return part?.state !== 'unset';
  const rules = withoutOurRules(part.value)?.Rules;
  return (Array.isArray(rules) ? rules : []).some((rule: Json) => {
    const expiration = member(rule, 'Expiration');
    const current = member(expiration, 'Days') !== undefined || member(expiration, 'Date') !== undefined;
    const older = member(rule, 'NoncurrentVersionExpiration') !== undefined;
    return member(rule, 'Status') !== 'Disabled' && (current || older);
  });
}

/** Empty by design: what arrives is taken away by a rule, or passed on by a notification (B4.6). */
function byDesign({ signs, configuration }: Facts): readonly Protection[] {
  if (signs?.contents.state !== 'read' || !isEmpty(signs.contents.value)) return [];
  const part = configuration?.get('lifecycle');
  if (part?.state === 'unset') return [];
  if (part?.state === 'set') {
    const reason = 'it is empty and has a lifecycle rule: what arrives there may only pass through';
    return [{ code: 'landing-zone', reason, certain: true }];
  }
  return [unread('lifecycle', 'a lifecycle rule empties it', part?.why ?? 'it was not asked')];
}

function ofReferences({ references }: Facts): readonly Protection[] {
  if (references === undefined) return [unread('references', 'anything refers to it', 'it was not asked')];
  return [
    ...references.uses.map((reason) => ({ code: 'in-use-by', reason, certain: true })),
    ...references.unread.map((why) => unread('references', 'something uses it', why)),
  ];
}
