const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Mod: "Ctrl",
};

/** A key of an action as it stands on a keyboard: `Shift →`, `Ctrl Z`, `G`. */
export function keyName(key: string): string {
  return key
    .split(/\+(?=.)/)
    .map(nameOf)
    .join(" ");
}

/** The keys of an action, each once: `?` is typed with Shift on some keyboards. */
export function keyNames(keys: readonly string[]): string[] {
  const names = keys.map((key) =>
    /^Shift\+[^\w\s]$/.test(key) ? nameOf(key.slice(6)) : keyName(key),
  );
  return [...new Set(names)];
}

function nameOf(key: string): string {
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
