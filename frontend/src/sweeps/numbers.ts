import type { Json } from "../wire/plan";

const SEPARATORS = /[\s,，;；、]+/;

/** The numbers of a list as a person types it; null where one of its words is none. */
export function readList(text: string): number[] | null {
  const words = text.split(SEPARATORS).filter(Boolean);
  const numbers = words.map(readNumber);
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** One number as a person types it; NaN for what is none. */
export function readNumber(text: string): number {
  const plain = text.trim().replace("−", "-");
  return plain === "" ? NaN : Number(plain);
}

export function writeList(values: readonly Json[]): string {
  return values.map(String).join(", ");
}

/** A value of a member in few signs. */
export function writeValue(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return String(Number(value.toPrecision(3)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
