// A small application: ten lines of Dockerfile, a dozen files, RUN steps that need no network.

import type { Builder } from '../builder.ts';
import { Context, settle, unique } from '../context-files.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const TAG = 'mille-bench/small';

export const smallApp: Scenario = { name: 'small-app', title: 'A small application', run: measure };

function measure(bench: Bench): Measured[] {
  const context = makeContext(bench);
  settle();
  const build =
    (noCache = false) =>
    (builder: Builder) =>
      builder.build({ context: context.path, tag: TAG, noCache });
  const cold = alternate(bench, {
    title: 'cold (--no-cache)',
    target: 'two thirds of the best peer',
    measure: build(true),
  });
  return [
    cold,
    alternate(bench, {
      title: 'nothing changed',
      target: 'under 100 ms, half of the best peer',
      measure: build(),
    }),
    alternate(bench, {
      title: 'one file changed',
      prepare: () => context.write('app.py', `print('hello ${unique()}')\n`),
      measure: build(),
    }),
  ];
}

function makeContext({ directory, base }: Bench): Context {
  const context = new Context(directory);
  context.write(
    'Dockerfile',
    `FROM ${base}
ENV PYTHONDONTWRITEBYTECODE=1
ENV PYTHONUNBUFFERED=1
WORKDIR /app
RUN mkdir -p /usr/lib/gcc && echo compiler > /usr/lib/gcc/cc1
COPY requirements.txt /app/
RUN mkdir -p /usr/lib/site && cp requirements.txt /usr/lib/site/installed
COPY . /app
EXPOSE 8000
CMD ["sh", "app.py"]
`,
  );
  context.write('app.py', "print('hello')\n");
  context.write('requirements.txt', 'flask==3.0.0\n');
  for (let i = 0; i < 10; i++) context.write(`templates/page${i}.html`, `<p>page ${i}</p>\n`.repeat(50));
  return context;
}
