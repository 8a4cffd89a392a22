// Collects the functions for serverless.yml: each folder of functions/ with a function.yml and an entry in reeve.yml
// becomes a function, laid over shared/lambda/function-stack.yml. CommonJS, because osls loads it with `require`.
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const STACK = 'shared/lambda/function-stack.yml';

/** As esbuild.config.ts has them: the configuration, and the folder of the bundles. */
const { REEVE_CONFIG = 'reeve.yml', REEVE_BUILD = '.build' } = process.env;

/** Of a rule's target; the age that function.yml gives its events ends them earlier. */
const MOST_RETRIES = 185;

/** How often a function looks for what runs that broke off left open: below a cent a month. */
const RECONCILE = 'rate(15 minutes)';

module.exports = async ({ resolveVariable }) => {
  const service = await resolveVariable('self:service');
  const stage = await resolveVariable('sls:stage');
  const stack = await resolveVariable(`file(${STACK})`);
  const config = await resolveVariable(`file(${REEVE_CONFIG})`);
  const { silentHours } = await import('./shared/config/longest-gap.ts');
  const collected = { functions: {}, resources: {}, extensions: {}, roleArns: [] };

  for (const name of functionsFor(config)) {
    const own = await resolveVariable(`file(functions/${name}/function.yml)`);
    for (const other of own.rightsOf ?? []) {
      const { rights } = await resolveVariable(`file(functions/${other}/function.yml)`);
      own.rights = [...own.rights, ...rights];
    }
    const settings = config.policies[name] ?? {};
    const names = namesOf(name, `${service}-${stage}-${name}`);
    collected.functions[name] = functionOf(own, settings, names);
    Object.assign(collected.resources, resourcesOf(stack, own, settings, config, names, silentHours));
    // A long run goes on in its own queue more often than Lambda's loop detection thinks sane; it ends by itself.
    collected.extensions[names['<Function>']] = { Properties: { RecursiveLoop: 'Allow' } };
    collected.roleArns.push({ 'Fn::GetAtt': [`${names['<Name>']}Role`, 'Arn'] });
  }
  return collected;
};

/** The policies that are listed, and what is no policy, such as undo. */
function functionsFor({ policies: listed }) {
  const has = (name, file) => existsSync(join(__dirname, 'functions', name, file));
  return readdirSync(join(__dirname, 'functions'))
    .filter((name) => has(name, 'function.yml') && (name in listed || !has(name, 'policy.ts')))
    .sort();
}

function namesOf(name, functionName) {
  const pascal = name.replace(/(?:^|-)([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  // osls' own way to a logical id: a dash becomes `Dash`.
  const id = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');
  return {
    '<Name>': pascal,
    '<name>': name,
    '<function>': functionName,
    '<Function>': `${id}LambdaFunction`,
  };
}

function functionOf(own, settings, { '<Name>': Name, '<name>': name, '<function>': functionName }) {
  const reserved = settings.reservedConcurrency ?? own.function.reservedConcurrency;
  const deadLetters = { 'Fn::GetAtt': [`${Name}DeadLetters`, 'Arn'] };
  const rules = own.triggers.map(({ description, pattern }) => ({
    eventBridge: {
      description,
      pattern,
      retryPolicy: { maximumEventAge: own.function.maximumEventAge, maximumRetryAttempts: MOST_RETRIES },
      deadLetterQueueArn: deadLetters,
    },
  }));
  const work = {
    sqs: {
      arn: { 'Fn::GetAtt': [`${Name}Work`, 'Arn'] },
      batchSize: 1,
      maximumConcurrency: 2,
      functionResponseType: 'ReportBatchItemFailures',
    },
  };
  return {
    ...own.function,
    name: functionName,
    handler: `${REEVE_BUILD}/${name}/handler.handler`,
    reservedConcurrency: reserved === 'off' ? undefined : reserved,
    role: `${Name}Role`,
    package: { patterns: ['!**', `${REEVE_BUILD}/${name}/handler.mjs`] },
    environment: { REEVE_WORK_QUEUE_URL: { Ref: `${Name}Work` } },
    destinations: { onFailure: { type: 'sqs', arn: deadLetters } },
    events: [...rules, work],
  };
}

function resourcesOf(stack, own, settings, config, names, silentHours) {
  const schedule = settings.schedule ?? own.schedule;
  const hours = schedule === 'off' ? undefined : silentHours(schedule);
  const asked = (own.rightsWhen ?? [])
    .filter((each) => isAskedFor(each, settings))
    .flatMap(({ rights: given, where }) =>
      where === undefined ? given : forEach(settings[where], where, given),
    );
  const rights = [...own.rights, ...asked, ...rightsBySettings(config)];
  const topic = config.notify?.topic ?? { Ref: 'Announcements' };
  const reconcile = settings.reconcile ?? own.reconcile ?? RECONCILE;
  const marks = {
    ...names,
    '<schedule>': schedule,
    '<hours>': hours,
    '<watched>':
      hours === undefined
        ? 'No alarm watches it: CloudWatch looks back seven days at most'
        : `An alarm tells after ${hours} hours without it`,
    '<reconcile>': reconcile,
    '<rights>': rights,
    '<topic>': topic,
  };
  // What only this function has besides: function.yml's own resources, under the same marks.
  const filled = fill({ ...stack, ...own.resources }, marks);
  withoutStatements(filled[`${names['<Name>']}Role`], own.without ?? []);
  const unwanted = [
    ...(schedule === 'off' ? ['Sweep'] : []),
    ...(hours === undefined ? ['NoSweepAlarm'] : []),
    ...(reconcile === 'off' ? ['Reconciliation'] : []),
    ...(schedule === 'off' && reconcile === 'off' ? ['SweepRole'] : []),
  ];
  for (const part of unwanted) delete filled[names['<Name>'] + part];
  return filled;
}

/** By a setting of this value, or of any where none is named. */
function isAskedFor({ setting, is }, settings) {
  if (setting === undefined) return true;
  return is === undefined ? settings[setting] !== undefined : settings[setting] === is;
}

/** Rights for what a setting names, once for each name; none where it names nothing. */
function forEach(named = [], setting, rights) {
  return [named]
    .flat()
    .flatMap((name, index) => fill(rights, { [`<${setting}>`]: name, '<n>': String(index + 1) }));
}

/** Takes out of a role what all functions have and this one has no use for. */
function withoutStatements({ Properties: { Policies: policies } }, sids) {
  for (const { PolicyDocument: document } of policies) {
    document.Statement = document.Statement.filter(({ Sid }) => !sids.includes(Sid));
  }
}

/** What only some settings need: the list of regions, the roles of other accounts, a chat's webhook. */
function rightsBySettings({ regions, accounts: { allow = [], role } = {}, notify: { chat } = {} }) {
  const rights = [];
  if (chat !== undefined) {
    const parameter = `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${chat.parameter}`;
    rights.push({
      Sid: 'Chat',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: { 'Fn::Sub': parameter },
    });
  }
  if (regions === 'all-enabled') {
    rights.push({ Sid: 'Regions', Effect: 'Allow', Action: 'ec2:DescribeRegions', Resource: '*' });
  }
  if (allow.length > 0 && role !== undefined) {
    const roles = allow.map((account) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:role/${role}`,
    }));
    rights.push({ Sid: 'OtherAccounts', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roles });
  }
  return rights;
}

/** Writes the names in place of their marks, in keys and values; a text that is just one mark becomes its value. */
function fill(node, values) {
  if (typeof node === 'string') {
    if (node in values) return values[node];
    return node.replace(/<\w+>/g, (mark) => values[mark] ?? mark);
  }
  if (Array.isArray(node)) return node.map((each) => fill(each, values));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [fill(key, values), fill(value, values)]),
  );
}
