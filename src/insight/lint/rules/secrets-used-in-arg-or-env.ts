import { buildkitPage, type Rule } from '../rule.ts';

/** Words that name a secret, each as a whole part of a name between underscores. */
const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;

/** Parts that say that it is none: a public key, the path of a file, a version. */
const HARMLESS = /(?:_|^)(?:public|file|version)(?:_|$)/i;

export const secretsUsedInArgOrEnv: Rule = {
  name: 'SecretsUsedInArgOrEnv',
  codes: ['DL3064'],
  severity: 'warning',
  summary: 'no secret is in ARG or ENV',
  url: buildkitPage('secrets-used-in-arg-or-env'),
  page: `Values of ENV are in the image for everyone to read, and so are those of ARG: in its history. A secret for a
command of the build goes into \`RUN --mount=type=secret\`, which leaves nothing behind; one for the running program is
given to it when it starts.

It is the name that is looked at: a part between underscores that is one of \`apikey\`, \`auth\`, \`credential\`,
\`credentials\`, \`key\`, \`password\`, \`pword\`, \`passwd\`, \`secret\`, \`token\`, and none that is \`public\`, \`file\` or \`version\`
(the last two as in BuildKit from 0.28 on). ARG before the first FROM is not looked at.`,
  examples: [
    {
      bad: 'FROM alpine\nARG NPM_TOKEN\nRUN npm ci',
      at: [2],
      good: 'FROM alpine\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci',
    },
    {
      bad: 'FROM postgres\nENV POSTGRES_PASSWORD=secret',
      at: [2],
      good: 'FROM postgres\nENV POSTGRES_PASSWORD_FILE=/run/secrets/password',
    },
  ],
  check: ({ built }) =>
    built.flatMap(({ instruction, expansions, at, spanOf }) => {
      const names =
        instruction.kind === 'arg'
          ? instruction.args.map(({ name }) => ({ name: name.text, word: name }))
          : instruction.kind === 'env'
            ? instruction.pairs.flatMap(({ key }) => {
                // A name may come from a variable.
                const expanded = expansions.find(({ word }) => word === key)?.expansion.text;
                return expanded === undefined ? [] : [{ name: expanded, word: key }];
              })
            : [];
      return names
        .filter(({ name }) => SECRET.test(name) && !HARMLESS.test(name))
        .map(({ name, word }) => ({
          message: `ARG and ENV are no place for a secret (${instruction.kind.toUpperCase()} '${name}')`,
          span: spanOf(word),
          at,
        }));
    }),
};
