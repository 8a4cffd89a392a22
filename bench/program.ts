/** Runs in a process of its own: `node program.mjs BUNDLE import`, or `… sweep ARN`; its last line is its figures. */
const [, , bundle = '', what = '', invokedFunctionArn = ''] = process.argv;

const before = performance.now();
const { handler } = await import(bundle);
const importMs = performance.now() - before;
const context = {
  awsRequestId: '0a1b2c3d-1111-4222-8333-000000000001',
  functionName: 'bench',
  invokedFunctionArn,
  getRemainingTimeInMillis: () => 300_000,
};
const started = performance.now();
if (what === 'sweep') await handler({ reeve: 'sweep' }, context);
const wallMs = performance.now() - started;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpuMs = (userCPUTime + systemCPUTime) / 1000;
process.stdout.write(`\n${JSON.stringify({ importMs, wallMs, cpuMs, peakMb: maxRSS / 1024 })}\n`);
process.exit();
