// Caches of the package managers and compilers of other languages.

import { appendCommand, type Command } from '../../../lint/index.ts';
import { type Cache, type Found, removal } from './clean-cache.ts';

/** `rm -rf` behind the last one. */
const remedy = ({ last, left }: Found) => appendCommand(last, removal(left.directories));

function isOf(...names: readonly string[]): (command: Command) => boolean {
  return ({ name }) => names.includes(name);
}

const COMPOSERS = isOf('composer', 'composer.phar');
const BUNDLERS = isOf('bundle', 'bundler', 'gem');
const GO_TOOLS = isOf('go', 'make', 'goreleaser', 'mage');
const CARGOS = isOf('cargo', 'make', 'just', 'trunk', 'wasm-pack');

export const COMPOSER: Cache = {
  name: 'clean-composer',
  what: "Composer's archives of what it unpacked into vendor",
  page: 'Composer keeps every archive that it fetched, beside what it unpacked into `vendor`.',
  examples: [
    {
      before: 'FROM php:8.4\nRUN composer install --no-dev\n',
      after: 'FROM php:8.4\nRUN composer install --no-dev && rm -rf /root/.composer/cache\n',
      steps: { 2: { layer: { 'root/.composer/cache/files/a.zip': 5_000_000 } } },
    },
  ],
  fills: (command) =>
    COMPOSERS(command) ||
    (command.name === 'php' && command.args.some(({ text }) => text.endsWith('composer.phar'))),
  left: /^(?:.*\/)?(?:\.composer\/cache|\.cache\/composer)(?=\/|$)/,
  remedy,
};

export const BUNDLER: Cache = {
  name: 'clean-gems',
  what: 'archives of the gems that were unpacked',
  page: 'RubyGems keeps the archive of each gem in the directory `cache` beside the unpacked `gems`.',
  examples: [
    {
      before: 'FROM ruby:3.4\nRUN bundle install\n',
      after: 'FROM ruby:3.4\nRUN bundle install && rm -rf /usr/local/bundle/cache/*.gem\n',
      steps: {
        2: {
          layer: { 'usr/local/bundle/cache/rails-8.gem': 3_000_000, 'usr/local/bundle/gems/rails-8/a.rb': 9 },
        },
      },
    },
  ],
  fills: BUNDLERS,
  left: /^(?:usr\/local\/bundle|(?:.*\/)?(?:ruby|gems|bundle)(?:\/ruby)?\/[\d.]+)\/cache(?=\/[^/]*\.gem$)/,
  neededBy: BUNDLERS,
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories, '/*.gem')),
};

export const GO_BUILD: Cache = {
  name: 'clean-go-build',
  what: "the Go compiler's cache",
  page: `The Go compiler keeps what it compiled below \`~/.cache/go-build\`, often more than the program itself. Where the program is
built in a stage of its own none of it is shipped, and nothing is proposed; nor where the image starts \`go run\`.`,
  examples: [
    {
      before: 'FROM golang:1.24\nRUN go build -o /app .\nCMD ["/app"]\n',
      after: 'FROM golang:1.24\nRUN go build -o /app . && rm -rf /root/.cache/go-build\nCMD ["/app"]\n',
      steps: { 2: { layer: { 'root/.cache/go-build/00/a': 90_000_000, app: 9_000_000 } } },
    },
  ],
  fills: GO_TOOLS,
  left: /^(?:.*\/)?\.cache\/go-build(?=\/|$)/,
  neededBy: GO_TOOLS,
  startedBy: 'go',
  remedy,
};

export const CARGO: Cache = {
  name: 'clean-cargo',
  what: 'archives and sources of crates that cargo fetched',
  page: `cargo keeps the index, the archives of crates and their unpacked sources below \`registry\` and \`git\` of its home. Compiled
programs need none of it. As long as a RUN below calls cargo, or the image starts it (\`cargo run\` compiles what is not
compiled yet), they stay.`,
  examples: [
    {
      before: 'FROM rust:1\nRUN cargo install ripgrep\n',
      after: 'FROM rust:1\nRUN cargo install ripgrep && rm -rf /usr/local/cargo/registry\n',
      steps: {
        2: {
          layer: {
            'usr/local/cargo/registry/cache/a/b.crate': 9_000_000,
            'usr/local/cargo/bin/rg': 5_000_000,
          },
        },
      },
    },
  ],
  fills: CARGOS,
  left: /^(?:.*\/)?\.?cargo\/(?:registry|git)(?=\/|$)/,
  neededBy: CARGOS,
  startedBy: 'cargo',
  remedy,
};
