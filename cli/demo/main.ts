import { parseArgs } from 'node:util';
import { deploy } from '../../sandbox/cloudformation/deploy.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { processTerminal, type Terminal } from '../terminal.ts';
import { printBalance } from './month/balance.ts';
import { lookAt } from './month/look.ts';
import { proveMonth } from './month/proof.ts';
import { playMonth } from './month/story.ts';
import { packageFor } from './packaging.ts';
import { prove } from './proof.ts';
import { play } from './story.ts';
import { createTimeline } from './timeline.ts';
import { witness } from './witness.ts';

const CONFIG = 'cli/demo/demo.yml';
const FOLDER = '.build/demo';
/** Functions stay warm for the whole story: a hundred processes would take longer than the month. */
const WARM_MS = 60 * 86_400_000;

/** `npm run demo`: the whole product on a simulated account, and a proof at the end. Exit code 1 if the proof fails. */
async function demo(terminal: Terminal, keep: boolean): Promise<number> {
  const { colors } = terminal;
  terminal.out(colors.bold('Reeve keeps an AWS account inside policy: a rehearsal on a simulated account'));
  terminal.progress('building and packaging the functions as for AWS …');
  const packaged = await packageFor(CONFIG, FOLDER);
  const sandbox = createSandbox({ clock: 'running', behaviour: { environmentMs: WARM_MS } });
  try {
    const { endpoint } = await sandbox.listen();
    const stack = await deploy(sandbox, packaged);
    terminal.progress('');
    terminal.out(
      colors.dim(
        `account ${sandbox.account}, ${sandbox.region}, at ${endpoint}; ${stack.resources.size} resources deployed from the packaged template`,
      ),
    );
    const timeline = createTimeline(terminal, () => new Date(sandbox.world.clock.now()));
    await sandbox.world.clock.settle();
    const watching = await witness(sandbox, stack, timeline);
    const left = await play(sandbox, timeline, watching);
    timeline.scene('The account, read back by a plain SDK client');
    const closed = await prove(sandbox, left, terminal);
    terminal.out('');
    terminal.out(
      closed
        ? colors.green('✔ SSH is closed to the world except where it was agreed.')
        : colors.red('✘ The account is not as it should be.'),
    );
    await playMonth(sandbox, timeline, watching);
    timeline.scene('The month: what was found, done, left alone and why');
    printBalance(watching.told, await lookAt(sandbox, CONFIG), terminal);
    timeline.scene('The account, read back by plain SDK clients');
    const proven = (await proveMonth(sandbox, terminal)) && closed;
    terminal.out('');
    terminal.out(
      proven
        ? colors.green(`✔ All is as it should be; ${watching.mail()} messages told people why.`)
        : colors.red('✘ The account is not as it should be.'),
    );
    if (keep) await keepRunning(sandbox, endpoint, terminal);
    return proven ? 0 : 1;
  } finally {
    await sandbox.close();
  }
}

/** Leaves the account running until Ctrl-C, for the user's own AWS CLI; Reeve's reactions go on the timeline. */
async function keepRunning(sandbox: Sandbox, endpoint: string, { out, colors }: Terminal): Promise<void> {
  const { accessKeyId, secretAccessKey } = sandbox.credentials({ user: 'you' });
  out('');
  out(colors.bold('The account stays open until Ctrl-C. In another terminal:'));
  out('');
  out(`export AWS_ENDPOINT_URL=${endpoint}`);
  out(`export AWS_ACCESS_KEY_ID=${accessKeyId}`);
  out(`export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
  out(`export AWS_REGION=${sandbox.region} AWS_DEFAULT_REGION=${sandbox.region}`);
  out('');
  out('aws ec2 create-security-group --group-name mine --description mine');
  out('aws ec2 authorize-security-group-ingress --group-name mine --protocol tcp --port 22 --cidr 0.0.0.0/0');
  out('npx reeve history --since 30d');
  out('npx reeve undo $(npx reeve history --policy stop-idle-instances --since 30d --limit 1 --ids) --yes');
  out('');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
process.exitCode = await demo(processTerminal(), values.keep);
