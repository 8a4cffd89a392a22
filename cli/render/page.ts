import { existsSync } from 'node:fs';
import type { Config } from '../../shared/config/load.ts';
import type { RunReport } from '../../shared/engine/outcome.ts';
import { reportPage } from '../../shared/notify/html/page.ts';
import type { OpenAccount } from '../account/open.ts';
import { BadInput } from '../exit.ts';
import { outputFile, refuseLink, writeWhole } from '../files.ts';
import type { Terminal } from '../terminal.ts';

/** Where the page will be; BadInput now, rather than after everything was read, where it could not be written. */
export function pageFile(named: string, force: boolean): string {
  const file = outputFile(named, ['reeve-report'], '.html');
  refuseLink(file);
  if (!force && existsSync(file)) {
    throw new BadInput(`${file}: it is there already; give --force to overwrite it`);
  }
  return file;
}

/** Writes the page about the runs of one sweep, and says where it is. */
export function writePage(
  file: string,
  swept: readonly { readonly report: RunReport }[],
  config: Config,
  { caller }: Pick<OpenAccount, 'caller'>,
  force: boolean,
  terminal: Terminal,
): void {
  const about = { account: caller.home.account, as: caller.arn, ownerTag: config.notify.ownerTag ?? 'Owner' };
  writeWhole(
    file,
    reportPage(
      swept.map(({ report }) => report),
      about,
    ),
    force,
  );
  terminal.err(`The report is in ${file}`);
}
