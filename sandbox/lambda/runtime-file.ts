import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let built: Promise<string> | undefined;

/**
 * The runtime process' program as one plain JavaScript file, made once: reading TypeScript anew in every cold start
 * would cost more than starting Node.
 */
export function runtimeFile(): Promise<string> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./runtime/main.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    write: false,
    logLevel: 'silent',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-runtime-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'main.mjs');
  writeFileSync(file, outputFiles[0]?.contents ?? new Uint8Array());
  return file;
}
