import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import type { Settings } from './settings.ts';

/** What its owner should know before and after the stop. */
export function adviceFor(
  instance: Instance,
  facts: Facts,
  settings: Settings,
  saving: number | 'unknown',
): readonly string[] {
  const { publicIp, elasticIp, tags, hibernates, productCodes, capacityReservation, lifecycle } = instance;
  const stack = tags.get('aws:cloudformation:stack-name');
  const { sessions, cloudTrail } = settings.logins;
  return [
    'Its disks stay, and stay billed; starting it again is not guaranteed while the zone has no room.',
    publicIp !== undefined && !elasticIp
      ? `It loses its public address ${publicIp} and comes back with another one.`
      : undefined,
    elasticIp ? 'Its elastic IP address stays with it, and stays billed.' : undefined,
    hibernates ? 'It is asked to hibernate; where that fails, AWS shuts it down as usual.' : undefined,
    stack === undefined ? undefined : `It belongs to the stack ${stack}, which does not mind a stop.`,
    productCodes.length > 0 ? 'It runs a Marketplace image, whose own charges may go on.' : undefined,
    capacityReservation === undefined
      ? undefined
      : `Its capacity reservation ${capacityReservation} stays billed.`,
    commitment(facts, saving),
    lifecycle === 'spot'
      ? 'Its Spot request is disabled by the stop; only starting it here revives it.'
      : undefined,
    sessions || cloudTrail
      ? undefined
      : 'No source of logins is configured: it was judged by its metrics alone.',
    !sessions || settings.windowDays <= 30
      ? undefined
      : 'Session Manager remembers 30 days: earlier logins are unknown.',
    facts.stops === 'not-asked' ? undefined : pastNote(facts),
  ].filter((each) => each !== undefined);
}

/** What is paid for ahead stays paid for: what can be read of that is said, and what cannot (B1.38). */
function commitment({ reserved }: Facts, saving: number | 'unknown'): string | undefined {
  if (reserved !== 'not-asked' && 'unknown' in reserved)
    return `What it saves is unknown: the Reserved Instances could not be read (${reserved.unknown}).`;
  if (reserved !== 'not-asked' && reserved.value)
    return 'Reserved Instances pay for machines like it: a stop saves what they do not cover.';
  if (saving === 'unknown' || saving === 0) return undefined;
  return 'The saving is by the list price: what a Savings Plan or a reservation elsewhere pays stays billed.';
}

function pastNote({ stops }: Facts): string | undefined {
  if (stops === 'not-asked' || 'unknown' in stops || stops.value.length === 0) return undefined;
  return `Reeve stopped it before, last on ${stops.value[0]?.at.toISOString()}.`;
}
