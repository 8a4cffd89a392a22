import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface RuntimeFile {
  readonly file: string;
  readonly remove: () => void;
}

let program: Promise<Uint8Array> | undefined;

/**
 * The runtime process' program as one plain JavaScript file in a folder of its own. It is bundled once: reading
 * TypeScript anew in every cold start would cost more than starting Node.
 */
export async function writeRuntimeFile(): Promise<RuntimeFile> {
  program ??= bundle();
  const contents = await program;
  const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-runtime-'));
  const file = path.join(folder, 'main.mjs');
  writeFileSync(file, contents);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./runtime/main.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    write: false,
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild wrote no runtime');
  return output.contents;
}
