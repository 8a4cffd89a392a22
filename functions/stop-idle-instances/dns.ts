import type { Aws } from '../../shared/aws/access.ts';
import { collect } from '../../shared/aws/pages.ts';
import { hostedZones, recordsOf } from '../../shared/aws/route53.ts';
import { inParallel } from '../../shared/engine/parallel.ts';

/** Rights of everything that `namesByAddress` calls. */
export const dnsRights = [...hostedZones.rights, ...recordsOf.rights];

/** Route 53 takes five calls a second from an account. */
const AT_ONCE = 2;

/** The name of each address in Route 53, from all zones of the account, three hundred records a call (B1.55). */
export async function namesByAddress(aws: Aws): Promise<ReadonlyMap<string, string>> {
  const zones = await collect(hostedZones(aws));
  const records = await inParallel(zones, AT_ONCE, ({ Id = '' }) => collect(recordsOf(aws, Id)));
  return new Map(
    records.flat().flatMap(({ Name = '', Type, ResourceRecords: targets = [] }) =>
      // One that leads to the machine's own public name resolves there too.
      Type === 'A' || Type === 'CNAME'
        ? targets.flatMap(({ Value }): [string, string][] => {
            const address = Value === undefined ? undefined : addressIn(Value);
            return address === undefined ? [] : [[address, Name.replace(/\.$/, '')]];
          })
        : [],
    ),
  );
}

/** `203.0.113.7`, or `ec2-203-0-113-7.eu-west-1.compute.amazonaws.com`, in whatever case somebody wrote it. */
function addressIn(target: string): string | undefined {
  const [, dashed] = /^ec2-(\d+-\d+-\d+-\d+)\./i.exec(target) ?? [];
  if (dashed !== undefined) return dashed.replaceAll('-', '.');
  return /^\d+\.\d+\.\d+\.\d+$/.test(target) ? target : undefined;
}
