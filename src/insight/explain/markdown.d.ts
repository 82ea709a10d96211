// Pages are Markdown files that the bundler takes in as texts.
declare module '*.md' {
  const text: string;
  export default text;
}
