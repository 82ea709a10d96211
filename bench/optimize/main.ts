// `npm run bench:optimize`: `mille optimize --replay` on each of examples/projects and on examples/flask-app: what became
// of the image's size and of the time that commits take, and whether it was proved. Asserts nothing: it measures.
//
//   npm run bench:optimize -- [--store DIRECTORY] [--ca host] [--docker COMMAND] [--keep DIRECTORY] [--replay N]
//     [--python-index URL] [PROJECT…]
//
// Base images are made of Debian packages on the first run; what projects install comes from their own indexes. With
// --docker (the client: `docker`) the proposals are built by a real Docker too. With --keep what was measured is kept as JSON, and what is kept of
// projects that are not named is in the tables: they need not all be measured in one run.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COMMITS_MADE, readExamples } from './example.ts';
import { type Measured, type MeasureOptions, measure } from './measure.ts';
import { type Row, report } from './table.ts';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: {
    store: { type: 'string', default: join(tmpdir(), 'mille-bench-optimize-store') },
    ca: { type: 'string' },
    docker: { type: 'string' },
    keep: { type: 'string' },
    /** In the place of the usual one, for Poetry: a mirror may lack what it asks for besides the packages. */
    'python-index': { type: 'string' },
    /** Of the commits the last ones. */
    replay: { type: 'string', default: String(COMMITS_MADE) },
    /** Measure nothing: the tables of what is kept. */
    kept: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { store, ca, docker, keep, kept, 'python-index': pythonIndex } = values;
const examples = readExamples();
const unknown = positionals.find((name) => !examples.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`no project '${unknown}'; there are: ${examples.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'mille-bench-optimize-'));
const options: MeasureOptions = {
  ...{ store, work, commits: Number(values.replay) },
  ...(ca === undefined ? {} : { ca }),
  ...(pythonIndex === undefined ? {} : { pythonIndex }),
  ...(docker === undefined ? {} : { docker: docker.split(' ') }),
};
const rows: Row[] = [];
try {
  for (const example of examples) {
    const path = keep === undefined ? undefined : join(keep, `${example.name}.json`);
    const isNamed = positionals.length === 0 || positionals.includes(example.name);
    if (kept || !isNamed) {
      if (path !== undefined && existsSync(path))
        rows.push({ example, measured: JSON.parse(readFileSync(path, 'utf8')) as Measured });
      continue;
    }
    console.error(`${example.name} …`);
    try {
      const measured = await measure(example, options);
      if (path !== undefined) writeFileSync(path, JSON.stringify(measured));
      rows.push({ example, measured });
    } catch (error) {
      rows.push({ example, failure: (error as Error).message });
      console.error((error as Error).message);
    }
    console.error(report(rows.slice(-1)));
  }
  console.log(report(rows));
} finally {
  rmSync(work, { recursive: true, force: true });
}
