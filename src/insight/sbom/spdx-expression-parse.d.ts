// The library has no types of its own; whether it throws is all that counts here.

declare module 'spdx-expression-parse' {
  /** @throws Error for what is no expression of licences of SPDX's list */
  export default function parse(expression: string): unknown;
}
