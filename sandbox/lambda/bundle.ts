import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { AwsError } from '../core/errors.ts';

/** The files of a bundle, or Lambda's refusal of something that is no zip. */
export function readZip(zip: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(zip);
  } catch {
    const message = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
    throw new AwsError('InvalidParameterValueException', message);
  }
}

/** Unpacks a bundle into a private folder, which is its `/var/task`; `remove` takes it away. */
export function unpack(zip: Uint8Array): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(path.join(tmpdir(), 'sandbox-task-'));
  for (const [name, content] of Object.entries(readZip(zip))) {
    const file = path.resolve(root, name);
    if (!file.startsWith(root + path.sep))
      throw new AwsError('InvalidParameterValueException', `Bad path: ${name}`);
    if (name.endsWith('/')) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
