/** Columns by which what belongs to a line stands further in. */
export const INDENT = 2;

/** Where the next line begins under a key of YAML that has no value yet; null where it has one. */
export function indentUnder(line: string): number | null {
  const opened = /^([ -]*)[^\s#'"[{][^#'"[{]*:\s*(#.*)?$/.exec(line);
  return opened && (opened[1] ?? "").length + INDENT;
}
