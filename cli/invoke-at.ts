import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { unpack } from '../sandbox/lambda/bundle.ts';
import { startEnvironment } from '../sandbox/lambda/environment.ts';
import { writeRuntimeFile } from '../sandbox/lambda/runtime-file.ts';
import { identify } from './account/caller.ts';
import { BadInput } from './exit.ts';
import type { Ran } from './invoke.ts';
import type { Terminal } from './terminal.ts';

/** What was packaged here: the zip, and where its handler is. */
export interface LocalBundle {
  readonly zip: Uint8Array;
  readonly handler: string;
}

type Settings = Awaited<ReturnType<typeof settingsAt>>;

/**
 * Runs the local bundle with the variables, time-out and memory of the function that is deployed at this endpoint, with
 * the caller's own credentials.
 */
export async function invokeAt(
  endpoint: string,
  policy: string,
  event: unknown,
  { zip, handler }: LocalBundle,
  terminal: Terminal,
): Promise<Ran> {
  const caller = await identify(process.env, { profile: undefined, region: undefined, connection: {} });
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await caller.credentials();
  const { region } = caller.home;
  const settings = await settingsAt(region, policy);
  const runtime = await writeRuntimeFile();
  const bundle = unpack(zip);
  const environment = startEnvironment({
    runtimeFile: runtime.file,
    taskRoot: bundle.root,
    variables: {
      ...settings.variables,
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: bundle.root,
      TZ: ':UTC',
      AWS_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: settings.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL: endpoint,
      LAMBDA_TASK_ROOT: bundle.root,
      _HANDLER: handler,
    },
    memoryMb: settings.memoryMb,
    logFormat: 'Text',
    time: () => ({ now: caller.now().getTime(), ticking: true }),
    onLine: (line) => terminal.err(line),
  });
  try {
    return await runOnce(environment, settings, event);
  } finally {
    await environment.close();
    bundle.remove();
    runtime.remove();
  }
}

async function runOnce(
  environment: ReturnType<typeof startEnvironment>,
  { arn, timeoutMs }: Settings,
  event: unknown,
): Promise<Ran> {
  const loaded = await environment.loaded;
  if ('error' in loaded) return { answer: loaded.error, failed: true };
  const { payload, error } = await environment.invoke({
    requestId: crypto.randomUUID(),
    payload: JSON.stringify(event),
    invokedFunctionArn: arn,
    traceId: '',
    timeoutMs,
  });
  return error === undefined
    ? { answer: JSON.parse(payload ?? 'null'), failed: false }
    : { answer: error, failed: true };
}

async function settingsAt(region: string, policy: string) {
  const lambda = new LambdaClient({ region });
  try {
    const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const name = functions.find(({ FunctionName = '' }) => FunctionName.endsWith(`-${policy}`))?.FunctionName;
    if (name === undefined)
      throw new BadInput(`no function for ${policy} is deployed at AWS_ENDPOINT_URL in ${region}`);
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return {
      name,
      arn: found.FunctionArn ?? '',
      memoryMb: found.MemorySize ?? 128,
      timeoutMs: (found.Timeout ?? 3) * 1000,
      variables: found.Environment?.Variables ?? {},
    };
  } finally {
    lambda.destroy();
  }
}
