import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { type Loaded, loadConfig } from './load.ts';

/** Loads a configuration file. A missing file is a mistake of its own, never an empty configuration (B5.42). */
export function readConfigFile(path: string, policies: ReadonlyMap<string, z.ZodType>): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { ok: false, errors: [`${path}: ${missing ? 'there is no such file' : 'it cannot be read'}`] };
  }
  return loadConfig(text, path, policies);
}
