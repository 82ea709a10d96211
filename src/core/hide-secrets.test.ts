import { describe, expect, test } from 'bun:test';
import { hideInLine, hideSecrets, holdsKey, isSecretFile, maskSecrets } from './hide-secrets.ts';

describe('files whose text is never shown', () => {
  test.each([
    ...[
      '.env',
      'app/.env.local',
      'prod.env',
      '.npmrc',
      '.netrc',
      'id_rsa',
      'deploy/id_ed25519.old',
      'server.pem',
    ],
    ...[
      'tls/server.key',
      '.aws/config',
      '.ssh/known_hosts',
      'secrets/anything.txt',
      'config/credentials.yml',
    ],
    ...[
      'api-token.txt',
      'passwords.csv',
      'terraform.tfstate',
      'prod.tfvars',
      '.git-credentials',
      'auth.json',
    ],
    ...[
      'service-account.private.json',
      'x.kdbx',
      'context other: .env'.replace('context other: ', 'context/'),
    ],
  ])('%s', (path) => {
    expect(isSecretFile(path)).toBe(true);
  });

  test.each(['app.py', 'src/main.c', 'environment.yml', 'keyboard.ts', 'package.json', 'Makefile'])(
    '%s is an ordinary one',
    (path) => {
      expect(isSecretFile(path)).toBe(false);
    },
  );

  test('and those with a private key inside', () => {
    expect(holdsKey('x\n-----BEGIN RSA PRIVATE KEY-----\n')).toBe(true);
    expect(holdsKey('x\n-----BEGIN CERTIFICATE-----\n')).toBe(false);
  });
});

describe('values that are hidden', () => {
  test.each([
    ['RUN API_TOKEN=abc ./install --fast', 'RUN API_TOKEN=**** ./install --fast'],
    ['RUN ./login --password="a b" next', 'RUN ./login --password=**** next'],
    ['curl -H "Authorization: Bearer abc.def" x', 'curl -H "Authorization: Bearer ****" x'],
    ['git clone https://me:pw@host/x', 'git clone https://***@host/x'],
    ['echo AKIAABCDEFGHIJKLMNOP', 'echo ****'],
    ['echo ghp_0123456789abcdefghijklmnopqrstuvwxyz', 'echo ****'],
    ['MODE=fast VERSION=2', 'MODE=fast VERSION=2'],
    ['./x --opt=a=b,token=abc,c=d', './x --opt=a=b,token=****,c=d'],
    ['RUN --mount=type=secret,id=npm_token npm ci', 'RUN --mount=type=secret,id=npm_token npm ci'],
    ['A_KEY="" B_KEY= c', 'A_KEY=**** B_KEY= ****'],
  ])('%s', (text, hidden) => {
    expect(hideSecrets(text)).toBe(hidden);
  });

  test('but not where a variable stands for one', () => {
    const shown = (text: string) => hideSecrets(text, { unexpanded: true });
    for (const text of ['./up token=$TOKEN "key"="${KEY}"', 'ENV A_TOKEN=$B']) expect(shown(text)).toBe(text);
    expect(shown("a token='$T' token=${T:-abc} token=$T-abc")).toBe('a token=**** token=**** token=****');
    expect(hideSecrets('token=$TOKEN')).toBe('token=****');
  });

  test('in long lines at once', () => {
    const begun = performance.now();
    for (const part of ['a', 'a ', 'eyJ-', 'a.', '"', 'x://'])
      expect(hideInLine(part.repeat(120_000 / part.length)).length).toBeGreaterThan(1000);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test.each([
    ['+  "db_password": "two words", "x": 1', '+  "db_password": ****'],
    ['-secret_key = one two three', '-secret_key = ****'],
    [' name: value', ' name: value'],
    ['+password:', '+password:'],
  ])('in a line of a file: %s', (line, hidden) => {
    expect(hideInLine(line)).toBe(hidden);
  });
});

test('a line with stars in the place of values keeps its columns', () => {
  const cases = {
    'ENV POSTGRES_PASSWORD=hunter22 A=b': 'ENV POSTGRES_PASSWORD=******** A=b',
    'ENV API_TOKEN="a b" PORT=80': 'ENV API_TOKEN=***** PORT=80',
    'ARG TOKEN=$OTHER X=1': 'ARG TOKEN=$OTHER X=1',
    'RUN curl -H ghp_0123456789abcdefghijABCDEFGHIJ x': 'RUN curl -H ********************************** x',
    'RUN --mount=type=secret,id=token make': 'RUN --mount=type=secret,id=token make',
  };
  for (const [line, shown] of Object.entries(cases)) expect(maskSecrets(line)).toBe(shown);
});
