import { expect, test } from 'bun:test';
import { baseConfig } from './base-config.ts';
import { parseDpkgStatus } from './dpkg-status.ts';

test('installed packages, sorted', () => {
  const text = `Package: zlib1g
Status: install ok installed
Version: 1:1.2.13.dfsg-1
Description: x
 Version: not this

Package: gone
Status: deinstall ok config-files
Version: 1

Package: bash
Status: install ok installed
Version: 5.2
`;
  expect(parseDpkgStatus(text)).toEqual([
    { name: 'bash', version: '5.2' },
    { name: 'zlib1g', version: '1:1.2.13.dfsg-1' },
  ]);
});

test('the config follows the packages', () => {
  const bash = { name: 'bash', version: '5.2' };
  expect(baseConfig([bash]).Cmd).toEqual(['bash']);
  const python = baseConfig([bash, { name: 'python3', version: '3.11.2-1+b1' }]);
  expect(python.Cmd).toEqual(['python3']);
  expect(python.Env).toContain('PYTHON_VERSION=3.11.2');
});
