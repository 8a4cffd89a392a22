import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy } from '../sandbox/cloudformation/deploy.ts';
import { readPackage } from '../sandbox/cloudformation/package.ts';
import { parseTemplate } from '../sandbox/cloudformation/template.ts';
import { invokeFunction } from '../sandbox/lambda/invoke.ts';
import { onLogLine } from '../sandbox/lambda/logs.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { jsonText } from '../shared/notify/escape.ts';
import { endpointOf, isSimulated } from './account/endpoint.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { invokeAt, type LocalBundle } from './invoke-at.ts';
import { knownPolicy } from './policies.ts';
import type { Terminal } from './terminal.ts';

export interface InvokeOptions {
  /** What `npm run package` wrote. */
  readonly package: string;
}

/** What one run of a bundle came to. */
export interface Ran {
  readonly answer: unknown;
  readonly failed: boolean;
}

/** Lambda refuses larger events. */
const MOST_BYTES = 1024 * 1024;

/**
 * `reeve invoke`: run a function's packaged bundle on an event file as Lambda would, against a fresh simulated account or,
 * where AWS_ENDPOINT_URL points at one on this machine, against that. Log on standard error, answer on standard output.
 */
export async function invoke(
  policy: string,
  eventFile: string,
  options: InvokeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  knownPolicy(policy);
  const event = readEvent(eventFile);
  const zip = join(options.package, `${policy}.zip`);
  if (!existsSync(zip)) throw new BadInput(`${zip}: there is no such bundle; run npm run package`);
  const endpoint = endpointOf(process.env);
  if (endpoint !== undefined && !isSimulated(endpoint)) {
    throw new BadInput(
      `AWS_ENDPOINT_URL: invoke runs against simulated accounts on this machine, not ${endpoint}`,
    );
  }
  const ran =
    endpoint === undefined
      ? await invokeFresh(policy, event, options, terminal)
      : await invokeAt(endpoint, policy, event, localBundle(policy, options), terminal);
  terminal.out(jsonText(ran.answer, 2));
  return ran.failed ? EXIT.findings : EXIT.ok;
}

/** The bundle of a policy and its handler, as the packaged template names them. */
function localBundle(policy: string, options: InvokeOptions): LocalBundle {
  const { template, artifacts } = readPackage(options.package);
  const { Resources: resources } = parseTemplate(template);
  const zip = `${policy}.zip`;
  for (const { Properties: { Handler: handler, Code: code } = {} } of Object.values(resources)) {
    if (typeof handler === 'string' && JSON.stringify(code ?? '').includes(`/${zip}"`)) {
      return { zip: artifacts[zip] ?? new Uint8Array(), handler };
    }
  }
  throw new BadInput(`${options.package}: the template has no function for ${policy}`);
}

async function invokeFresh(
  policy: string,
  event: unknown,
  options: InvokeOptions,
  terminal: Terminal,
): Promise<Ran> {
  const sandbox = createSandbox({ clock: 'running' });
  try {
    const stack = await deploy(sandbox, readPackage(options.package));
    await sandbox.world.clock.settle();
    const name = [...stack.resources.values()].find(
      ({ type, physicalId }) => type === 'AWS::Lambda::Function' && physicalId.endsWith(policy),
    )?.physicalId;
    if (name === undefined)
      throw new BadInput(`${options.package}: the template has no function for ${policy}`);
    onLogLine(sandbox.world, (_where, { text }) => terminal.err(text));
    const where = { partition: 'aws', account: sandbox.account, region: sandbox.region };
    const { answer, functionError } = await invokeFunction(sandbox.world, where, name, event);
    return { answer, failed: functionError !== undefined };
  } finally {
    await sandbox.close();
  }
}

function readEvent(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new BadInput(`${file}: cannot be read (${code})`);
  }
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new BadInput(`${file}: larger than 1 MB, which Lambda refuses`);
  try {
    return JSON.parse(text);
  } catch {
    throw new BadInput(`${file}: not JSON; sample events are in events/`);
  }
}
