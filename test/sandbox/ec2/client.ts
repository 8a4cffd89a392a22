import { EC2Client } from '@aws-sdk/client-ec2';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts';

/** A fresh account and a real client on it, without retries. */
export function openEc2(options: SandboxOptions = {}): { sandbox: Sandbox; ec2: EC2Client } {
  const sandbox = createSandbox(options);
  return { sandbox, ec2: new EC2Client({ ...sandbox.clientConfig(), maxAttempts: 1 }) };
}

/** The error a call ends with, as SDK users see it. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: number }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    return { name: error.name, message: error.message, status };
  }
  throw new Error('the call was expected to be refused');
}
