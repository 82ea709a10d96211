import { expect, test } from 'bun:test';
import { looksSecret } from './secret-name.ts';

test.each([
  'PASSWORD',
  'DB_PASSWORD',
  'NPM_TOKEN',
  'githubToken',
  'AWS_SECRET_ACCESS_KEY',
  'API_KEY',
  'apikey',
  'SSH_KEY',
  'CREDENTIALS',
  'auth',
  'PIP_AUTH',
  'MYPASSWORD',
])('%s is', (name) => expect(looksSecret(name)).toBe(true));
test.each([
  'VERSION',
  'PATH',
  'KEYBOARD',
  'MONKEY',
  'GPG_KEY',
  'AUTHOR',
  'COMPASS',
  'NODE_ENV',
  'SIGNING_KEY_ID',
  'PATTERN',
])('%s is not', (name) => expect(looksSecret(name)).toBe(false));
