import { expect, test } from 'bun:test';
import type { NodeProject } from './project.ts';
import { developmentStarted, modulesIn } from './started-modules.ts';

function project(sources: Record<string, string>, scripts: Record<string, string> = {}): NodeProject {
  return {
    ...{ directory: 'app', scripts, isWorkspace: false },
    development: ['node_modules/errorhandler', 'node_modules/@dev/tools'],
    names: new Set(['errorhandler', '@dev/tools']),
    packages: new Set(),
    sources: new Map(Object.entries(sources).map(([path, text]) => [path, modulesIn(text)])),
  };
}

const USES = "var express = require('express'),\n  errorHandler = require('errorhandler');\n";

test('what a file requires or imports, comments left out', () => {
  const text = `${USES}import a from "a/b";\nimport './c.js';\nexport * from './d';\nconst e = await import('e');
// require('f')\n/* require('g') */ required('h'); from; x.import`;
  expect(modulesIn(text)).toEqual(['express', 'errorhandler', 'a/b', './c.js', './d', 'e']);
});

test('a development dependency that the started program asks for, itself or in what it requires', () => {
  const found = { file: 'server.js', name: 'errorhandler' };
  expect(developmentStarted('node server.js', project({ 'server.js': USES }))).toEqual(found);
  expect(developmentStarted('node /app/server', project({ 'server.js': USES }))).toEqual(found);
  expect(developmentStarted('npm start', project({ 'server.js': USES }))).toEqual(found);
  const sources = { 'src/index.js': "require('./app')", 'src/app/index.js': "require('@dev/tools/x')" };
  const scripts = { start: 'NODE_ENV=production node src/index.js' };
  expect(developmentStarted('npm start', project(sources, scripts))).toEqual({
    ...{ file: 'src/app/index.js', name: '@dev/tools' },
  });
});

test('nothing where only others ask for it, or nobody looked', () => {
  const sources = {
    'server.js': "require('express'); require('./server'); require('../../x')",
    'spec/a.js': USES,
  };
  expect(developmentStarted('node server.js', project(sources))).toBeUndefined();
  const { sources: _, ...unseen } = project({ 'server.js': USES });
  expect(developmentStarted('node server.js', unseen)).toBeUndefined();
});
