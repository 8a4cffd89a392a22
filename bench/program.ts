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
const answer: unknown = what === 'sweep' ? await handler({ reeve: 'sweep' }, context) : undefined;
const wallMs = performance.now() - started;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpuMs = (userCPUTime + systemCPUTime) / 1000;
// What was logged is still on its way through the pipe.
process.stdout.write(
  `\n${JSON.stringify({ importMs, wallMs, cpuMs, peakMb: maxRSS / 1024, found: foundBy(answer) })}\n`,
  () => process.exit(),
);

/** What Reeve's function answers, or a bare script's own count. */
function foundBy(answer: unknown): number {
  if (typeof answer === 'number') return answer;
  // The function's answer is its own (shared/lambda/answer.ts).
  const { runs = [] } = (answer ?? {}) as { runs?: readonly { counts: { violations: number } }[] };
  return runs.reduce((sum, { counts }) => sum + counts.violations, 0);
}
