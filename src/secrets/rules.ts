// The kinds of findings. Those by form come from the detector and are described in general.

/** One kind. */
interface SecretRule {
  readonly summary: string;
}

/** By their names; a kind of the detector that is not listed is a token of the service it is named after. */
const SECRET_RULES: Readonly<Record<string, SecretRule>> = {
  'private-key': { summary: 'a private key' },
  'encrypted-key': { summary: 'a private key, protected by a passphrase' },
  'password-in-url': { summary: 'a user name and password in an address' },
  'connection-string': { summary: 'the password of a database' },
  variable: { summary: 'a variable whose name says that it is secret' },
  assignment: { summary: 'a value under a name that says that it is secret' },
  command: { summary: 'a password or token as an argument of a command' },
  'secret-file': { summary: 'a file that keeps secrets' },
  'empty-password': { summary: 'an account with an empty password' },
  'password-hash': { summary: 'the hash of a password' },
  'docker-login': { summary: 'a login of a registry' },
  netrc: { summary: 'a password of .netrc' },
  jwt: { summary: 'a JSON Web Token' },
  pypi: { summary: 'a token of PyPI' },
  'google-api-key': { summary: 'an API key of Google' },
  'azure-storage-key': { summary: 'a key of Azure storage' },
  age: { summary: 'a secret key of age' },
  npm: { summary: 'a token or login of npm' },
  aws: { summary: 'an access key of AWS' },
  github: { summary: 'a token of GitHub' },
  gitlab: { summary: 'a token of GitLab' },
  slack: { summary: 'a token of Slack' },
};

/** What a rule finds, in words. */
export function ruleSummary(rule: string): string {
  return SECRET_RULES[rule]?.summary ?? `a token of ${rule}`;
}
