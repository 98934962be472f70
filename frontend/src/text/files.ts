/** Whether a file is named as a document is; points and pictures have other homes. */
export function isDocumentName(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name);
}

/** What a file is called without its ending. */
export function titleOf(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}

/** A name that every system takes for a file. */
export function fileName(title: string, ending: string): string {
  const stem = title.replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${stem || "network"}.${ending}`;
}

/** Hands a text to the browser as a file to be kept. */
export function saveFile(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: "text/plain;charset=utf-8" }));
}

/** Hands bytes to the browser as a file to be kept. */
export function saveBlob(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
