import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { allowList, parseAllowFile } from './allow.ts';
import { scanCommand } from './command.ts';
import { isShowing, isThirdParty, kindOfFile, secretFileName } from './file-names.ts';
import { redact } from './redact.ts';
import { scanSpecialFile } from './special-files.ts';
import { strengthOf } from './values.ts';
import { scanVariable } from './variable.ts';

test('a redacted value tells no more than its first characters and length', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, maxLength: 80 }), (value) => {
      const shown = redact(value);
      expect(shown === '***' || value.startsWith(shown.replace(/…\(\d+ characters\)$/, ''))).toBe(true);
      expect(shown.replace(/…\(\d+ characters\)$/, '').length).toBeLessThanOrEqual(16);
    }),
  );
});

test.each([
  ['Zx9Qw7e1Ab3dE5gH', 'strong'],
  ['correcthorse1', 'medium'],
  ['hunter', 'weak'],
  ['changeme', 'none'],
  ['${DB_PASSWORD}', 'none'],
  ['/run/secrets/db', 'none'],
  ['config.password', 'none'],
  ['access_token_v2_handler', 'weak'],
  ['xxxxxxxxxxxx', 'none'],
  ['<your token>', 'none'],
  ['required|string|min:8|confirmed', 'none'],
  ['nullable|max:500', 'none'],
  ['hunter|tango|k9:77', 'strong'],
] as const)('%s is %s', (value, strength) => {
  expect(strengthOf(value)).toBe(strength);
});

test.each([
  ['API_TOKEN', 'Zx9Qw7e1Ab3dE5gH', 'error'],
  ['PGPASSWORD', 'hunter', 'warning'],
  ['DB_PASS', 'hunter22', 'error'],
  ['ACCESSKEY', 'Zx9Qw7e1', 'error'],
  ['POSTGRES_PASSWORD_FILE', '/run/secrets/x', undefined],
  ['GPG_KEY', 'A035C8C19219BA821ECEA86B64E628F8D684696D', undefined],
  ['PYTHON_VERSION', '3.12.1', undefined],
  ['TOKENIZERS_PARALLELISM', 'false', undefined],
] as const)('a variable %s=%s', (name, value, severity) => {
  expect(scanVariable(name, value)?.severity).toBe(severity);
});

test.each([
  ['|2 NPM_TOKEN=Zx9Qw7e1Ab3dE5gH VERSION=1.2 /bin/sh -c npm ci', ['variable NPM_TOKEN']],
  ['RUN |1 VERSION=1.2 /bin/sh -c make', []],
  ['RUN curl -u bob:s3cr3tt https://x.corp/a', ['command ']],
  ['RUN git clone https://Zx9Qw7e1Ab3dE5gH7jK9@git.corp/a/b', ['password-in-url ']],
  ['RUN pip install --index-url https://u1:Zx9Qw7e1@pypi.corp/simple a', ['password-in-url ']],
  ['RUN npm config set //registry.corp/:_authToken Zx9Qw7e1Ab3dE5gH', ['command ']],
  ['RUN echo "root:Zx9Qw7e1" | chpasswd', ['command ']],
  ['RUN mysql -u root -pZx9Qw7e1 -e "select 1"', ['command ']],
  ['RUN export API_KEY=Zx9Qw7e1Ab3dE5gH && make', ['assignment API_KEY']],
  ['CMD ["app", "--password", "Zx9Qw7e1"]', ['command ']],
  ['ENTRYPOINT ["app" "--password" "Zx9Qw7e1"]', ['command ']],
  ['CMD ["curl", "-u", "bob:s3cr3tt", "https://x.corp"]', ['command ']],
  ['RUN ["sh", "-c", "make"]', []],
  ['RUN --mount=type=secret,id=token curl -H "Authorization: Bearer $(cat /run/secrets/token)" x', []],
  ['RUN curl -u "$USER:$PASSWORD" https://x', []],
] as const)('%s', async (text, expected) => {
  const found = await scanCommand(text, async () => []);
  expect(found.map(({ rule, name = '' }) => `${rule} ${name}`)).toEqual([...expected]);
});

test('files by their names', () => {
  expect(secretFileName('root/.ssh/id_ed25519')).toBeDefined();
  expect(secretFileName('app/.env')).toBeDefined();
  expect(secretFileName('app/.env.example')).toBeUndefined();
  expect(secretFileName('root/.ssh/id_ed25519.pub')).toBeUndefined();
  expect(secretFileName('app/node_modules/x/test/a.p12')).toBeUndefined();
  expect(kindOfFile('app/.env.production')).toBe('dotenv');
  expect(isThirdParty('usr/share/doc/x/README')).toBe(true);
  expect(isThirdParty('app/node_modules/.package-lock.json')).toBe(false);
  for (const path of ['a/login_test.go', 'a/test_login.py', 'src/login.spec.ts', 'tests/a.py', 'README.md'])
    expect(isShowing(path)).toBe(true);
  for (const path of ['a/latest.go', 'a/contest_login.py', 'src/spec.ts', 'testing.env'])
    expect(isShowing(path)).toBe(false);
});

test('files of known forms', () => {
  const docker = scanSpecialFile(
    'root/.docker/config.json',
    '{"auths":{"r.corp":{\n"auth":"Ym9iOnNlY3JldA=="}}}',
  );
  expect(docker).toMatchObject([{ rule: 'docker-login', line: 2, shown: '***' }]);
  const shadow = scanSpecialFile(
    'etc/shadow',
    'root::19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nbob:$6$a$b:19000::::::\n',
  );
  expect(shadow.map(({ rule, name }) => `${rule} ${name}`)).toEqual([
    'empty-password root',
    'password-hash bob',
  ]);
});

test('what is allowed passes, and what allows nothing is told', () => {
  const allowed = allowList(['test/**', '*.pem', 'DEMO_TOKEN', '0123456789ab', 'stale']);
  const rule = 'private-key';
  expect(allowed.passes({ rule, path: 'test/a/b.txt' })).toBe(true);
  expect(allowed.passes({ rule, path: 'deep/x.pem' })).toBe(true);
  expect(allowed.passes({ rule, path: 'deep/x.key' })).toBe(false);
  expect(allowed.passes({ rule, name: 'DEMO_TOKEN' })).toBe(true);
  expect(allowed.passes({ rule, fingerprint: '0123456789ab' })).toBe(true);
  expect(allowed.unused()).toEqual(['stale']);
  expect(parseAllowFile({ name: 'x', text: '# a comment\n a.pem # why\n\nB\n' })).toEqual(['a.pem', 'B']);
  expect(() => parseAllowFile({ name: 'x', text: 'a b\n' })).toThrow('blank');
});
