import type { Json } from "../wire/plan";

const NULL = /^(null|Null|NULL|~|)$/;
const TRUE = /^(true|True|TRUE)$/;
const FALSE = /^(false|False|FALSE)$/;
const OCTAL = /^0o[0-7]+$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;
const DECIMAL = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
/** Characters; the Python client refuses the same. */
const LONGEST_NUMBER = 400;

/** A plain scalar that means a number which JSON cannot carry. */
export class NoJsonNumber extends Error {}

/**
 * What a plain word of YAML means: the core schema of YAML 1.2, section 10.3.2. `no` is a word
 * and `1e-3` a number, unlike in YAML 1.1. Quoted text never comes here.
 */
export function resolve(word: string): Json {
  if (NULL.test(word)) return null;
  if (TRUE.test(word)) return true;
  if (FALSE.test(word)) return false;
  if (NOT_FINITE.test(word)) throw new NoJsonNumber(word);
  if (OCTAL.test(word) || HEXADECIMAL.test(word)) return Number(word);
  if (!DECIMAL.test(word)) return word;
  const value = Number(word);
  if (word.length > LONGEST_NUMBER || !Number.isFinite(value)) throw new NoJsonNumber(word);
  return value;
}
