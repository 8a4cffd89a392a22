import type { Aws } from '../../shared/aws/access.ts';
import { activeReservedInstances } from '../../shared/aws/ec2/reserved-instances.ts';
import { orWhy } from '../../shared/aws/ec2/stopping/or-why.ts';
import { foundFor, surroundingsOf, surroundingsRights } from '../../shared/aws/ec2/stopping/surroundings.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { dnsRights, namesByAddress } from './dns.ts';
import type { Facts, Lookup } from './facts.ts';
import type { Instance } from './instance.ts';
import { loginRights, loginsOf } from './logins.ts';
import { isReserved } from './reserved.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that is looked up here. */
export const lookAroundRights = [
  ...surroundingsRights,
  ...loginRights,
  ...activeReservedInstances.rights,
  ...dnsRights,
];

const NOT_ASKED = 'not-asked' as const;
const DAY = 86_400_000;

/** Everything around instances that could forbid a stop, who logged in there, and what is paid for anyway. */
export async function lookAround(
  instances: readonly Instance[],
  settings: Settings,
  { aws, now }: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Partial<Facts>>> {
  if (instances.length === 0) return new Map();
  const since = new Date(now().getTime() - settings.windowDays * DAY);
  const addresses = instances.some(({ publicIp, elasticIp }) => publicIp !== undefined && !elasticIp);
  const [around, login, reserved, names] = await Promise.all([
    surroundingsOf(aws, instances),
    orWhy(loginsOf(aws, since, settings)),
    orWhy(activeReservedInstances(aws)),
    settings.dnsRecords && addresses ? orWhy(namesByAddress(aws)) : NOT_ASKED,
  ]);
  return new Map(
    instances.map((one) => [
      one.id,
      {
        ...around.get(one.id),
        login: foundFor(login, one),
        named: namedBy(names, one),
        reserved: 'unknown' in reserved ? reserved : { value: isReserved(one, reserved.value) },
      },
    ]),
  );
}

function namedBy(
  names: Lookup<ReadonlyMap<string, string>> | 'not-asked',
  { publicIp = '' }: Instance,
): Facts['named'] {
  if (names === 'not-asked' || 'unknown' in names) return names;
  return { value: names.value.get(publicIp) };
}
