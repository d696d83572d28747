import { styleText } from 'node:util';

const colours = ['cyan', 'green', 'magenta', 'blue', 'yellow'] as const;

/** Prints lines as `registry       | text`, each part in a colour of its own when the terminal has colours. */
export function consoleLines(): (line: string, part: string) => void {
  const seen: string[] = [];
  return (line, part) => {
    if (!seen.includes(part)) seen.push(part);
    const colour = colours[seen.indexOf(part) % colours.length] ?? 'cyan';
    console.log(`${styleText(colour, part.padEnd(14), { stream: process.stdout })}| ${line}`);
  };
}
