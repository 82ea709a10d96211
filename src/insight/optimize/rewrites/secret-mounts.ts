// Secrets that are build arguments or variables of the image, given to the commands that need them and to nothing else.

import type { TextEdit } from '../../../core/index.ts';
import { detectSyntax } from '../../../lang/dockerfile/index.ts';
import { namesSecret, scanVariable } from '../../../secrets/index.ts';
import type { Proposal, Remark, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';
import { type Declaration, declarationsOf, type SecretUses, usesOf, valuesOf } from './secret-uses.ts';

export const secretMounts: Rewrite = {
  name: 'secret-mounts',
  summary: 'give secrets to the commands that need them, not to the image in ARG or ENV',
  goal: 'both',
  page: `The value of an ARG stands in the history of each RUN below it, that of an ENV in the image's config: whoever has the image
can read them. \`RUN --mount=type=secret,id=NAME,env=NAME\` gives the same variable to one command and leaves nothing
behind. The build is then called with \`--secret id=NAME,env=NAME\` in the place of \`--build-arg NAME\`: the report says so.

Which variables are secrets is told by their names. ARG and ENV go, and every RUN that saw the variable and may look at it is
given the secret: those that name it, and programs of which nobody knows (\`npm ci\` reads it by way of \`.npmrc\`). Nothing
is proposed where anything else than RUN uses it, and for an ENV of the image that is built only where it is one of a
package manager's: another one a container may want, and the report says that it stays, and why. Values that stand in the
Dockerfile itself have to be given too, from then on.

The proof builds it with the value that was given as an argument, as a secret; without one it proves a build without it. The
variable may be missing in the config, the history is not compared, and nothing else may change. A value that a command
writes into a file is there as before: \`mille secrets\` finds it. What was built so far keeps the value: a secret that
others could read has to be revoked.

Other builders need BuildKit 0.16, or \`# syntax=docker/dockerfile:1\` in the first line; one that names a version before
1.10 is raised to \`1\`.`,
  examples: [
    {
      before:
        'FROM node:24\nWORKDIR /app\nARG NPM_TOKEN\nCOPY package.json package-lock.json .npmrc ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      after:
        'FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json .npmrc ./\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\nCMD ["node", "server.js"]\n',
    },
    {
      before:
        '# syntax=docker/dockerfile:1.4\nFROM node:24\nARG A NPM_TOKEN\nENV NODE_ENV=production \\\n    NPM_TOKEN=$NPM_TOKEN\nRUN mkdir /app\nRUN echo "//registry.example/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci && rm .npmrc\nCMD ["node", "server.js"]\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM node:24\nARG A\nENV NODE_ENV=production\nRUN mkdir /app\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.example/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci && rm .npmrc\nCMD ["node", "server.js"]\n',
    },
  ],
  propose: (subject) =>
    secretNames(subject).flatMap((name) => {
      const declared = declarationsOf(subject, name);
      const uses = usesOf(subject, name, declared);
      return 'edits' in uses ? (proposalOf(subject, name, { declared, uses }) ?? []) : [];
    }),
  remarks: (subject) =>
    secretNames(subject).flatMap((name): Remark[] => {
      const declared = declarationsOf(subject, name);
      const uses = usesOf(subject, name, declared);
      const { kind } = declared[0]!;
      const what = `${name} is a secret, in ${kind.toUpperCase()}`;
      if ('why' in uses) return [{ what, why: uses.why, span: uses.at.span }];
      if (syntaxEdits(subject)) return [];
      return [
        { what, why: 'the frontend that # syntax= names may know no such mounts', span: declared[0]!.span },
      ];
    }),
};

/** Names that hold secrets; none whose value is a placeholder. */
function secretNames({ lint }: Subject): readonly string[] {
  const { globalArgs, stages } = lint.dockerfile;
  const names = [...globalArgs, ...stages.flatMap(({ instructions }) => instructions)].flatMap((one) => {
    const own = one.kind === 'arg' ? one.args.map((arg) => [arg.name.text, arg.value?.text] as const) : [];
    const pairs =
      one.kind === 'env' ? one.pairs.map(({ key, value }) => [key.text, value.text] as const) : [];
    return [...own, ...pairs];
  });
  const suspicious = new Set(
    names.map(([name]) => name).filter((name) => /^\w+$/.test(name) && namesSecret(name)),
  );
  return [...suspicious].filter((name) =>
    names.every(([own, value = '']) => own !== name || isNone(value) || scanVariable(name, unquoted(value))),
  );
}

/** No value of its own: nothing, or that of a variable. */
function isNone(value: string): boolean {
  return unquoted(value) === '' || value.includes('$');
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

function proposalOf(
  subject: Subject,
  name: string,
  { declared, uses }: { readonly declared: readonly Declaration[]; readonly uses: SecretUses },
): Proposal | undefined {
  const syntax = syntaxEdits(subject);
  if (!syntax) return undefined;
  const { runs, value, inConfig, edits } = uses;
  // Declared in vain: nothing of it is in the image.
  if (runs.length === 0 && !inConfig) return undefined;
  const flag = ` --mount=type=secret,id=${name},env=${name}`;
  const mounts = runs.map(({ instruction }): TextEdit => {
    const { end } = instruction.node.clause.keyword.span;
    return { start: end, end, text: flag };
  });
  const keywords = [...new Set(declared.map(({ kind }) => kind.toUpperCase()))].join(' and ');
  const places = inWords(runs.map(({ at }) => String(at.line)));
  const inText = declared.some((one) => valuesOf(one, name).some((value) => !isNone(value)));
  return {
    title:
      runs.length === 0
        ? `take ${keywords} ${name} away, which no command looks at`
        : `mount ${name} as a secret where it is used (${runs.length === 1 ? 'line' : 'lines'} ${places})`,
    reason: `by ${keywords} its value gets into the ${inConfig ? 'config' : 'history'} of the image, for everybody who has that`,
    span: declared[0]!.span,
    edits: [...syntax, ...edits, ...(runs.length === 0 ? [] : mounts)],
    claim: {},
    allows: inConfig ? [{ what: 'config', key: `Env ${name}` }] : [],
    risk: [
      'another value of a secret makes no step run again, as that of an argument does',
      ...(value === undefined
        ? ['no value was given, so what was built is what comes of it without one']
        : []),
      ...(inText ? ['the value stands in the Dockerfile and its history: it has to be revoked'] : []),
    ].join('; '),
    ...(runs.length === 0
      ? {}
      : {
          afterwards: `give --secret id=${name},env=${name} to the build, ${inText ? 'which finds the value in its environment' : `in the place of --build-arg ${name}`} (in a compose file: secrets below build)`,
        }),
    secrets: [{ id: name, ...(value === undefined ? {} : { value }) }],
  };
}

/** Raises a frontend that knows no secrets as variables; undefined for one of which nobody knows. */
function syntaxEdits({ draft }: Subject): readonly TextEdit[] | undefined {
  const word = detectSyntax(draft.source);
  if (!word) return [];
  const [, repository, tag = 'latest'] =
    /^((?:docker\.io\/)?docker\/dockerfile)(?::([\w.-]+))?$/.exec(word.text) ?? [];
  if (repository === undefined) return undefined;
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(tag) ?? [];
  const isNew = major === undefined || Number(major) > 1 || minor === undefined || Number(minor) >= 10;
  return isNew ? [] : [{ start: word.span.start, end: word.span.end, text: `${repository}:1` }];
}
