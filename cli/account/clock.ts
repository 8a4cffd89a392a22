import { isSimulated } from './endpoint.ts';

/** As the simulated account tells its time with every answer. */
const TIME_HEADER = 'x-simulated-time';

/**
 * The time of the account behind the endpoint: this machine's, but on a simulated account its own, which may be a
 * rehearsed month ahead. One that does not tell it has the machine's.
 */
export async function clockOf(endpoint: string | undefined): Promise<() => Date> {
  if (endpoint === undefined || !isSimulated(endpoint)) return () => new Date();
  const { headers } = await fetch(endpoint, { method: 'HEAD', redirect: 'manual' });
  const told = Date.parse(headers.get(TIME_HEADER) ?? '');
  const ahead = Number.isNaN(told) ? 0 : told - Date.now();
  return () => new Date(Date.now() + ahead);
}
