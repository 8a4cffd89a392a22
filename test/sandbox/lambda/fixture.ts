import { zipSync } from 'fflate';
import type { Where } from '../../../sandbox/core/service.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts';
import { seedRole } from '../../../sandbox/services/iam/store.ts';

export const ROLE = 'arn:aws:iam::111122223333:role/worker';

/** A zip of text files, as `serverless package` writes them. */
export function bundle(files: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)])),
  );
}

export interface Workshop {
  readonly sandbox: Sandbox;
  readonly where: Where;
  /** Calls an operation as the account's root. */
  call(service: string, operation: string, input: unknown): Promise<Record<string, unknown>>;
  /** Makes a function of this source, with the role `worker`. */
  make(name: string, source: string, settings?: object): Promise<Record<string, unknown>>;
  /** Invokes it and reads the answer. */
  run(name: string, event?: unknown): Promise<{ answer: unknown; error: unknown; log: string }>;
}

/** An account with a role that functions may use, and short words for what these tests do all the time. */
export function workshop(options: SandboxOptions = {}): Workshop {
  const sandbox = createSandbox(options);
  const { world, account, region } = sandbox;
  seedRole(world, account, {
    name: 'worker',
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
        },
      ],
    },
    policies: {
      all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
  });
  const where = { partition: 'aws', account, region };
  const root = world.credential(sandbox.credentials().accessKeyId)?.principal;
  if (!root) throw new Error('the account has no root');
  const call = async (service: string, operation: string, input: unknown) => {
    const output = await world.invoke(root, where, service, operation, input);
    return Object.fromEntries(Object.entries(output ?? {}));
  };
  return {
    sandbox,
    where,
    call,
    make: (name, source, settings = {}) =>
      call('lambda', 'CreateFunction', {
        FunctionName: name,
        Role: ROLE,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: bundle({ 'index.mjs': source }) },
        ...settings,
      }),
    async run(name, event = {}) {
      const Payload = Buffer.from(JSON.stringify(event));
      const output = await call('lambda', 'Invoke', { FunctionName: name, Payload, LogType: 'Tail' });
      return {
        answer: JSON.parse(Buffer.from(output.Payload as Uint8Array).toString()),
        error: output.FunctionError,
        log: Buffer.from(String(output.LogResult), 'base64').toString(),
      };
    },
  };
}
