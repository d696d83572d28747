/**
 * Reads text as the JSON type that a contract declares for it. Text that does not fit stays text, so that
 * validation names the field. Lists are repeated parameters or separated by commas.
 */
export function valueOfText(text: string | string[], type: string | undefined): unknown {
  if (type === 'array') return Array.isArray(text) ? text : text === '' ? [] : text.split(',');
  const one = Array.isArray(text) ? (text.at(-1) ?? '') : text;
  if ((type === 'integer' || type === 'number') && one.trim() !== '' && Number.isFinite(Number(one))) return Number(one);
  if (type === 'boolean' && (one === 'true' || one === 'false')) return one === 'true';
  if (type === 'object') return valueOfJson(one);
  return one;
}

function valueOfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
