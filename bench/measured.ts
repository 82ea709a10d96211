// Runs one command for `measure.ts`, from a process of its own: what the kernel counts as a child's memory begins with
// that of its parent, and the benchmark's is large at times. Arguments: a file for the figures, then the command.

const [figures, ...command] = process.argv.slice(2);
const started = performance.now();
const child = Bun.spawn(command, { stdin: null, stdout: 'inherit', stderr: 'inherit' });
const status = await child.exited;
const seconds = (performance.now() - started) / 1000;
const usage = child.resourceUsage();
const cpu = Number(usage?.cpuTime.total ?? 0) / 1e6;
await Bun.write(figures!, JSON.stringify({ seconds, cpu, peak: usage?.maxRSS ?? 0 }));
process.exit(status);

export {};
