// Where the program begins. What only asks for the version loads nothing else: starting must stay under 25 ms.

import { version } from '../../../package.json' with { type: 'json' };

const words = process.argv.slice(2);
if (words.length === 1 && ['--version', '-v', 'version'].includes(words[0]!)) {
  process.stdout.write(`mille ${version}\n`);
} else {
  const { processHost } = await import('./host.ts');
  const host = processHost();
  let status: number;
  try {
    const { dispatch } = await import('./dispatch.ts');
    status = await dispatch(words, host);
  } catch (error) {
    const { errorStatus, renderError } = await import('../report/index.ts');
    const { useColor } = await import('./color.ts');
    const color = useColor(host);
    host.err(
      renderError(error, { color, ...(host.terminal.stderr ? { columns: host.size().columns } : {}) }),
    );
    status = errorStatus(error);
  }
  process.exitCode = status;
  // Whatever a library left open must not keep the process; what is written must be out first.
  process.stderr.write('', () => process.stdout.write('', () => process.exit(status)));
}
