import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

/** Parts of a name that speak of a secret, wherever they stand in it. */
const PARTS = ['api_key', 'client_key', 'password', 'private', 'secret', 'token', 'username'];

/** Names of credentials in which none of the parts stands. */
const NAMES = new Set([
  'APPLICATION_KEY',
  'AWS_ACCESS_KEY_ID',
  'CI_DEPLOY_USER',
  'DOCKER_EMAIL',
  'FACEBOOK_APP_ID',
  'HEROKU_API_USER',
  'OKTA_AUTHN_GROUPID',
  'OKTA_CLIENT_ORGURL',
  'OKTA_OAUTH2_CLIENTID',
  'STRIPE_DEVICE_NAME',
  'TRAVIS_OS_NAME',
  'TRAVIS_SECURE_ENV_VARS',
  'TRAVIS_SUDO',
]);

export const secretLikeName: Rule = {
  name: 'SecretLikeName',
  codes: ['DL3064'],
  severity: 'warning',
  overlaps: 'SecretsUsedInArgOrEnv',
  summary: 'no ARG or ENV has a name that speaks of a secret',
  page: `The same danger as SecretsUsedInArgOrEnv, by a coarser sieve: the words may stand anywhere in the name, so that
\`TOKENIZERS_PARALLELISM\` is caught as well. It is hadolint's sieve, and looked at with \`--compat hadolint\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENV MYTOKEN=1',
      at: [2],
      good: 'FROM debian:trixie\nRUN --mount=type=secret,id=mytoken true',
    },
  ],
  check: (subject) => {
    const inStages = placed(subject, 'arg', 'env').map(({ instruction }) => instruction);
    return [...subject.dockerfile.globalArgs, ...inStages].flatMap((instruction) => {
      const names =
        instruction.kind === 'arg'
          ? instruction.args.map(({ name }) => name)
          : instruction.pairs.map(({ key }) => key);
      const word = names.find(({ text }) => isSuspicious(text));
      if (!word) return [];
      return [
        about(instruction, `'${word.text}' sounds like a secret, which would stay in the image`, { word }),
      ];
    });
  },
};

function isSuspicious(name: string): boolean {
  const lower = name.toLowerCase();
  return NAMES.has(name.toUpperCase()) || PARTS.some((part) => lower.includes(part));
}
