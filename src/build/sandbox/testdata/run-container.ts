// Runs one container for a test, in a process of its own that can be killed, given a terminal or another user.
// Argument: JSON with parts of a container spec, `directory`, where everything is made, and `traced`, names of system calls
// that are shown at the end, behind `| `. The last line of output
// is `status <n>` or `error <code> <message>`.

import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { enterNamespaceIfNeeded } from '../../../sys/index.ts';
import { makeBusyboxRoot } from '../../../testkit/index.ts';
import { probeRuntime, probeTracer, runContainer } from '../index.ts';

enterNamespaceIfNeeded();
const { directory, stdin, traced, ...given } = JSON.parse(process.argv[2] ?? '{}');
let trace = '';
const keepTrace = (text: string) => {
  trace += text;
};
const run = mkdtempSync(`${directory}/run-`);
for (const name of ['bundle', 'upper', 'work']) mkdirSync(`${run}/${name}`);
if (!existsSync(`${directory}/layers/root`)) makeBusyboxRoot(`${directory}/layers/root`);
try {
  const { status } = await runContainer(
    await probeRuntime({ directory }),
    {
      bundle: `${run}/bundle`,
      lowerBase: `${directory}/layers`,
      lowers: ['root'],
      upper: `${run}/upper`,
      work: `${run}/work`,
      env: ['PATH=/bin', 'TERM=xterm'],
      cwd: '/',
      user: { uid: 0, gid: 0 },
      network: 'host',
      ...given,
    },
    {
      stdin: stdin ?? 'none',
      onStdout: (chunk) => process.stdout.write(chunk),
      onStderr: (chunk) => process.stderr.write(chunk),
      ...(traced ? { trace: { tracer: await probeTracer(), calls: traced, onText: keepTrace } } : {}),
      forwardSignals: true,
    },
  );
  // Not as they come: they would stand amid the lines of the container.
  process.stdout.write(trace.replace(/^(?=.)/gm, '| '));
  console.log(`status ${status} upper ${run}/upper`);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(`error ${code} ${message}`);
}
