import { Worker } from 'node:worker_threads';
import type { Tried, Work } from './worker.ts';

/** What the SDK would look for in files, client by client: answered here, it looks nowhere. */
const QUICK = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
  AWS_DEFAULTS_MODE: 'standard',
  AWS_SDK_UA_APP_ID: 'reliability',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** Tries all in as many threads, each in an account of its own; they come as they are ready. */
export async function share(
  work: readonly Work[],
  threads: number,
  /** When nothing new is begun any more, epoch ms. */
  until: number,
  onTried: (tried: Tried) => void,
): Promise<void> {
  const parts = Array.from({ length: threads }, (_, thread) =>
    work.filter((_work, index) => index % threads === thread),
  );
  await Promise.all(
    parts.map((part, thread) => {
      const options = { workerData: { work: part, thread, until }, env: { ...process.env, ...QUICK } };
      const worker = new Worker(new URL('worker.ts', import.meta.url), options);
      worker.on('message', onTried);
      return new Promise<void>((resolve, reject) => {
        worker.once('error', reject);
        worker.once('exit', (code) =>
          code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
        );
      });
    }),
  );
}
