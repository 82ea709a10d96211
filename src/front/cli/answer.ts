// What the words of a command line come to: help, a command done, an error told.

/** Does what the words say, and tells an error; the exit status. All output is written when it returns. */
export async function answer(words: readonly string[]): Promise<number> {
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
