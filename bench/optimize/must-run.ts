// Commands that must succeed.

/** Runs a command. @returns its standard output @throws Error with what it said, where it fails */
export async function mustRun(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (child.exitCode !== 0) throw new Error(`${command.join(' ')}: ${error.trim()}`);
  return out;
}
