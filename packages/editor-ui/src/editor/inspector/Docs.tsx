import { Fragment, type ReactNode } from 'react';
import styles from './Inspector.module.css';

/**
 * The help of a node type. It reads the part of Markdown that help is written in (paragraphs, headings, lists, bold, code); what a package
 * wrote never becomes HTML, and links are shown as text.
 */
export function Docs({ markdown }: { markdown: string }) {
  const blocks = markdown.trim().split(/\n\s*\n/);
  return (
    <div className={styles.docs}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text is fixed; its blocks never move.
        <Fragment key={index}>{drawBlock(block)}</Fragment>
      ))}
    </div>
  );
}

function drawBlock(block: string): ReactNode {
  const heading = /^#{1,6}\s+(.*)$/.exec(block);
  if (heading) return <h4>{drawInline(heading[1] ?? '')}</h4>;
  const lines = block.split('\n');
  if (lines.every((line) => /^\s*[-*]\s+/.test(line)))
    return (
      <ul>
        {lines.map((line) => (
          <li key={line}>{drawInline(line.replace(/^\s*[-*]\s+/, ''))}</li>
        ))}
      </ul>
    );
  return <p>{drawInline(lines.join(' '))}</p>;
}

function drawInline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, index) => {
    const key = `${index} ${part}`;
    if (part.startsWith('**')) return <strong key={key}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('`')) return <code key={key}>{part.slice(1, -1)}</code>;
    return part;
  });
}
