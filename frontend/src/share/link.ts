import type { Document } from "../wire/plan";

/** A draft as it travels in a link: the document and what its maker called it. */
export interface Draft {
  title: string;
  document: Document;
}

/** Why a link shows no draft: cut or changed on its way, too large, or no document in it. */
export type LinkFault = "broken" | "large" | "foreign";

// Chat programs and mail cut longer addresses; the file has no such bound.
export const MOST_SIGNS = 32_000;
// What a document may be (the service's own bound), so that a small link cannot unpack without end.
const MOST_BYTES = 1_048_576;
const LONGEST_TITLE = 200;

/** The fragment of a link to a draft, without `#s=`; null where it would be too long. */
export async function packDraft(draft: Draft): Promise<string | null> {
  const bytes = new TextEncoder().encode(JSON.stringify([draft.title, draft.document]));
  const packed = await pipe(bytes, new CompressionStream("deflate-raw"), Infinity);
  const text = toBase64url(packed ?? new Uint8Array());
  return text.length <= MOST_SIGNS ? text : null;
}

/** Reads a fragment back. */
export async function unpackDraft(text: string): Promise<Draft | LinkFault> {
  if (text.length > MOST_SIGNS) return "large";
  const packed = fromBase64url(text);
  if (!packed) return "broken";
  try {
    const bytes = await pipe(packed, new DecompressionStream("deflate-raw"), MOST_BYTES);
    if (!bytes) return "large";
    return readDraft(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (reason) {
    if (reason instanceof TypeError || reason instanceof SyntaxError) return "broken";
    throw reason;
  }
}

function readDraft(value: unknown): Draft | LinkFault {
  if (!Array.isArray(value)) return "foreign";
  const [title, document] = value as unknown[];
  if (typeof title !== "string" || !isDocument(document)) return "foreign";
  return { title: title.slice(0, LONGEST_TITLE), document };
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All bytes that come out of a transform; null beyond `most`. */
async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array | null> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64url(bytes: Uint8Array): string {
  const signs = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const signs = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
  } catch {
    return null; // a length that no bytes have
  }
}
