import { describe, expect, test } from 'bun:test';
import { FileScanner, findSecrets, kindOfFile } from '../../secrets/index.ts';
import { createDetector } from './detector.ts';

const detector = createDetector();
const scanner = new FileScanner();

async function scan(path: string, content: string | Uint8Array, piece = 1 << 20) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  scanner.start(kindOfFile(path));
  for (let at = 0; at < bytes.length; at += piece) scanner.feed(bytes.subarray(at, at + piece));
  return await findSecrets(scanner.finish(), { detector, path });
}

/** Made up here, so that nobody's scanner stumbles over this file: a repetition-free text of some length. */
function noise(length: number, alphabet = 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eF'): string {
  let out = '';
  for (let i = 0; out.length < length; i++) out += alphabet[(i * 7 + (i >> 3)) % alphabet.length];
  return out;
}

const upper = 'QWERTYUIOPASDFGH';
const key = (kind: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${Array.from({ length: 6 }, (_, i) => `${i === 0 ? 'MIIE' : 'xY9Q'}${noise(60)}`).join('\n')}\n-----END ${kind}PRIVATE KEY-----\n`;

describe('every form is found in a binary, in a text, and across the edge of a window', () => {
  const samples: readonly (readonly [rule: string, text: string])[] = [
    ['aws', `AKIA${upper}`],
    ['github', `ghp_${noise(36)}`],
    ['github', `github_pat_${noise(82)}`],
    ['gitlab', `glpat-${noise(20)}`],
    ['slack', `xoxb-${noise(12)}-${noise(24)}`],
    ['slack', `https://hooks.slack.com/services/T${noise(9)}/B${noise(9)}/${noise(24)}`],
    ['npm', `npm_${noise(36)}`],
    ['openai', `sk-${noise(20)}T3BlbkFJ${noise(20)}`],
    ['anthropic', `sk-ant-api03-${noise(93)}AA`],
    ['groq', `gsk_${noise(52)}`],
    ['huggingface', `hf_${noise(34, 'aBcDeFgHjKlMnOpQrStUvWxYz')}`],
    ['linear', `lin_api_${noise(40)}`],
    ['notion', `ntn_${noise(11, '4938170256')}${noise(35)}`],
    ['sendgrid', `SG.${noise(22)}.${noise(43)}`],
    ['shopify', `shpat_${noise(32)}`],
    ['stripe', `sk_live_${noise(24)}`],
    ['grafana', `glsa_${noise(32)}_${noise(8, '0a1b2c3d4e5f')}`],
    ['vault', `hvs.${noise(95)}`],
    ['databricks', `dapi${noise(32, '0a1b2c3d4e5f6789')}`],
    ['docker', `dckr_pat_${noise(27)}`],
    ['figma', `figd_${noise(40)}`],
    ['cloudflare', `cfut_${noise(40)}${noise(8, '0a1b2c3d4e5f')}`],
    ['tailscale', `tskey-auth-${noise(16)}-${noise(32)}`],
    ['vercel', `vcp_${noise(24)}`],
    ['pypi', `pypi-AgE${noise(60)}`],
    ['google-api-key', `AIza${noise(35)}`],
    ['age', `AGE-SECRET-KEY-1${noise(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
    ['azure-storage-key', `AccountName=a;AccountKey=${noise(86)}==`],
    ['jwt', `eyJhbGciOiJIUzI1NiJ9.eyJ${noise(40)}.${noise(43)}`],
    ['password-in-url', 'https://deploy:Zx9Q-w7e@git.internal.corp/repo'],
    ['password-in-url', `https://${noise(24)}@git.internal.corp/repo`],
    ['connection-string', 'postgres://app:Zx9Qw7e@db.internal:5432/app'],
    ['private-key', key('RSA ')],
    ['private-key', key('')],
    ['private-key', key('OPENSSH ')],
    ['encrypted-key', key('ENCRYPTED ')],
  ];
  for (const [rule, text] of samples)
    test(`${rule}: ${text.slice(0, 14)}…`, async () => {
      expect((await scan('x', `before\n${text}\nafter`)).map((one) => one.rule)).toEqual([rule]);
      const binary = new TextEncoder().encode(`\0\x01z${text}\0`);
      expect((await scan('x.pyc', binary)).map((one) => one.rule)).toEqual([rule]);
      for (const at of [(1 << 20) - 20, (1 << 20) + (1 << 14) - 30, 3_000_000]) {
        const bytes = new Uint8Array(3_200_000).fill(0x20);
        bytes.set(new TextEncoder().encode(`\n${text}\n`), at);
        const found = await scan('x', bytes, 70_001);
        expect(found.map((one) => one.rule)).toEqual([rule]);
        expect(found[0]!.offset).toBeGreaterThan(at);
        expect(found[0]!.offset).toBeLessThan(at + 60);
      }
    });
});

test('nothing of a value is shown but the public beginning of a token', async () => {
  const token = `ghp_${noise(36)}`;
  const found = await scan('.env', `A_TOKEN=${token}\nDB_PASSWORD=Zx9Qw7e-long\n`);
  expect(found.map(({ shown }) => shown)).toEqual(['ghp_…(40 characters)', '***']);
  expect(JSON.stringify(found)).not.toContain(token.slice(4, 10));
});

test.each([
  ['.env', 'DB_PASSWORD=Zx9Qw7e1\n', ['assignment 1']],
  ['.env', '# a\nDB_PASSWORD="Zx9Qw7e1"\nDB_USER=app\n', ['assignment 2']],
  ['.env', 'DB_PASSWORD=\nAPI_KEY=changeme\nTOKEN=${TOKEN}\nSECRET=your-secret-here\n', []],
  ['app.properties', 'spring.datasource.password=Zx9Qw7e1\n', ['assignment 1']],
  ['settings.xml', '<server>\n<password>Zx9Qw7e1</password></server>', ['assignment 2']],
  ['NuGet.Config', '<add key="ClearTextPassword" value="Zx9Qw7e1" />', ['assignment 1']],
  ['auth.toml', 'api_key = "Zx9Qw7e1Zx9Qw7e2"\n', ['assignment 1']],
  ['.netrc', 'machine api.corp login me password Zx9Qw7e1\n', ['netrc 1']],
  ['.npmrc', '//registry.corp/:_authToken=Zx9Qw7e1Zx9Qw7e1k\n', ['npm 1']],
  ['.npmrc', '//registry.corp/:_authToken=${NPM_TOKEN}\n', []],
  ['a.js', 'const token = readToken(request); password = user.password;\n', []],
  ['a.js', 'const apiSecret = "Zx9Qw7e1Ab3dE5gH7jK9";\n', ['assignment 1']],
  ['a.py', 'SECRET_KEY = os.environ["SECRET_KEY"]\n', []],
  ['node_modules/x/a.js', 'const apiSecret = "Zx9Qw7e1Ab3dE5gH7jK9";\n', []],
  ['README.md', 'git clone https://user:password@example.com/x and postgres://user:pass@localhost/db\n', []],
  ['a.md', 'AKIAIOSFODNN7EXAMPLE\n', []],
  ['a.map', `{"sourcesContent":["\\nconst k = 'ghp_${noise(36)}'"]}`, ['github 1']],
  ['cert.pem', '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n', []],
  ['pem.go', 'const head = "-----BEGIN RSA PRIVATE KEY-----"\n', []],
] as const)('%s: %j', async (path, text, expected) => {
  expect((await scan(path, text)).map(({ rule, line }) => `${rule} ${line}`)).toEqual([...expected]);
});

test('what third parties ship is not an error', async () => {
  const found = await scan('app/node_modules/ssl/test/key.pem', key('RSA '));
  expect(found.map(({ severity }) => severity)).toEqual(['info']);
});
