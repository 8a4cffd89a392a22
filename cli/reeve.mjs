#!/usr/bin/env node
// The only file that an old Node reads: it hands over to the Node that the project brings, or says in one line what is
// missing. Type stripping needs 22.18.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Half of the start; beside the program, where nobody else can put anything. A folder that cannot be written costs the time.
  module.enableCompileCache(fileURLToPath(new URL('../.build/compiled', import.meta.url)));
  try {
    const { main } = await import('./main.ts');
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`reeve: ${error.message.split(' imported from')[0]}; run npm ci`);
    process.exitCode = 2;
  }
} else {
  const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (existsSync(own)) {
    const run = spawnSync(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    process.exitCode = run.status ?? 1;
  } else {
    console.error(`reeve: needs Node 22.18 or newer; this is ${process.version}`);
    process.exitCode = 2;
  }
}
