// Where the program begins. What only asks for the version loads nothing else: starting must stay under 25 ms.

import { version } from '../../../package.json' with { type: 'json' };

const words = process.argv.slice(2);
if (words.length === 1 && ['--version', '-v', 'version'].includes(words[0]!)) {
  // The console writes without the streams of `process`, which take 10 ms to make.
  console.log(`mille ${version}`);
} else {
  process.exit(await main());
}

/** Does what the words say, and tells an error; the exit status. All output is written when it returns. */
async function main(): Promise<number> {
  const { dispatch, helpAsked } = await import('./dispatch.ts');
  try {
    const help = await helpAsked(words);
    if (help !== undefined) {
      console.log(help.trimEnd());
      return 0;
    }
    const { processHost } = await import('./host.ts');
    return await dispatch(words, processHost());
  } catch (error) {
    const { isErrno } = await import('../../sys/index.ts');
    const { BROKEN_PIPE_STATUS, processHost } = await import('./host.ts');
    if (isErrno(error, 'EPIPE')) return BROKEN_PIPE_STATUS;
    const { errorStatus, renderError } = await import('../report/index.ts');
    const { useColor } = await import('./color.ts');
    const host = processHost();
    const columns = host.terminal.stderr ? { columns: host.size().columns } : {};
    host.err(renderError(error, { color: useColor(host), ...columns }));
    return errorStatus(error);
  }
}
