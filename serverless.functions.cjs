// Collects the functions for serverless.yml: each folder of functions/ with a function.yml becomes a function, laid over
// shared/lambda/function-stack.yml. CommonJS, because osls loads it with `require`.
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const STACK = 'shared/lambda/function-stack.yml';

/** Retries of a rule's target end with the age that function.yml gives to events. */
const MOST_RETRIES = 185;

module.exports = async ({ resolveVariable }) => {
  const service = await resolveVariable('self:service');
  const stage = await resolveVariable('sls:stage');
  const stack = await resolveVariable(`file(${STACK})`);
  const collected = { functions: {}, resources: { Resources: {} }, roleArns: [] };

  for (const name of policies()) {
    const own = await resolveVariable(`file(functions/${name}/function.yml)`);
    const names = namesOf(name, `${service}-${stage}-${name}`);
    collected.functions[name] = functionOf(own, names);
    const filled = fill(stack, { ...names, '<schedule>': own.schedule, '<rights>': own.rights });
    Object.assign(collected.resources.Resources, filled, own.resources);
    collected.roleArns.push({ 'Fn::GetAtt': [`${names['<Name>']}Role`, 'Arn'] });
  }
  return collected;
};

function policies() {
  const folder = join(__dirname, 'functions');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'function.yml')));
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

function functionOf(own, { '<Name>': Name, '<name>': name, '<function>': functionName }) {
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
    handler: `.build/${name}/handler.handler`,
    role: `${Name}Role`,
    package: { patterns: ['!**', `.build/${name}/handler.mjs`] },
    environment: { REEVE_WORK_QUEUE_URL: { Ref: `${Name}Work` }, ...own.function.environment },
    destinations: { onFailure: { type: 'sqs', arn: deadLetters } },
    events: [...rules, work],
  };
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
