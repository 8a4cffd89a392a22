import { Worker } from 'node:worker_threads';
import type { Share, Tried } from './worker.ts';

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

/** Tries the points in as many threads, each point in an account of its own; they come as they are ready. */
export async function share(
  { seed, work }: Share,
  threads: number,
  onTried: (tried: Tried) => void,
): Promise<void> {
  const parts = Array.from({ length: threads }, (_, part) =>
    work.filter((_, index) => index % threads === part),
  );
  await Promise.all(
    parts.map((part) => {
      const workerData: Share = { seed, work: part };
      const worker = new Worker(new URL('worker.ts', import.meta.url), {
        workerData,
        env: { ...process.env, ...QUICK },
      });
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
