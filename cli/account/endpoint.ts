import { BadInput } from '../exit.ts';

const LOOPBACK = /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(\/|$)/;

/**
 * The endpoint that all calls go to, undefined for AWS itself. Refuses a mixture: with only some services pointed at a
 * simulated account, the rest would reach the real one (B6.38).
 */
export function endpointOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const general = environment.AWS_ENDPOINT_URL;
  if (general !== undefined && !URL.canParse(general)) {
    throw new BadInput(
      `AWS_ENDPOINT_URL: expected a URL, e.g. http://127.0.0.1:4566, got ${JSON.stringify(general)}`,
    );
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('AWS_ENDPOINT_URL_') || value === undefined) continue;
    if (isSimulated(value) !== isSimulated(general)) {
      throw new BadInput(
        `${name} and AWS_ENDPOINT_URL disagree: one is on this machine, the other is not; part of the calls would reach a real account`,
      );
    }
  }
  return general;
}

/** An endpoint on this machine is a simulated account. */
export function isSimulated(endpoint: string | undefined): boolean {
  return endpoint !== undefined && LOOPBACK.test(endpoint);
}
