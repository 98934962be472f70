/** The Text tab. */
export const enText = {
  textLabel: "The document as text. Escape, then Tab leaves it.",
  textLoading: "The editor is being loaded.",
  textSyntax: "Written as",
  textStale: "The picture shows the last sound text.",
  lineNote: "{shape} · {count} params",
  copyAs: "Copy as",
  copyCurl: "curl",
  copyPython: "Python",
  copied: "Copied",
  fileTooLarge: "{name} is too large for a document: {limit} characters at most.",
} as const;
