/** Postgres text takes every character but U+0000. */
export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
