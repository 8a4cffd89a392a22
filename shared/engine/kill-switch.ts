import type { Ports } from './ports.ts';
import { brief } from './words.ts';

/** Why nothing more may be changed: anything but a clear `off` stops all further actions (B6.2). */
export async function haltedBy(ports: Pick<Ports<unknown>, 'killSwitch'>): Promise<string | undefined> {
  try {
    const position = await ports.killSwitch();
    if (position === 'off') return undefined;
    return position === 'on' ? 'The kill switch is on.' : 'The kill switch is missing, which counts as on.';
  } catch (error) {
    return `The kill switch could not be read, which counts as on: ${brief(error)}.`;
  }
}
