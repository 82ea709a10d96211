// Small XML documents for continuous integration.

import { wellFormed } from './sanitize.ts';

/** An element: attributes in order, then children or a text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly XmlElement[];
  readonly text?: string;
}

/** The document. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, '')}`;
}

function element({ name, attributes = {}, children = [], text }: XmlElement, indent: string): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const head = `${indent}<${name}${list}`;
  if (text !== undefined) return `${head}>${escapeXml(text)}</${name}>\n`;
  if (children.length === 0) return `${head}/>\n`;
  return `${head}>\n${children.map((child) => element(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** A text between tags or quotes; characters that XML cannot hold are left out. */
function escapeXml(text: string): string {
  return wellFormed(text)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '&#10;')
    .replace(/\r/g, '&#13;')
    .replace(/\t/g, '&#9;');
}
