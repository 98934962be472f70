import type { Problem } from "../wire/plan";

/** The service's own sentences in one language: code → text with `{param}`. */
export type Sentences = Readonly<Record<string, string>>;

/** A problem in the reader's language; as the service said it where the code has no words. */
export function sayProblem(problem: Problem, sentences: Sentences): string {
  return saySentence(problem.code, problem.params, sentences) ?? problem.text ?? problem.message;
}

/** What would help, where the service or its words know it. */
export function sayHint(problem: Problem, sentences: Sentences): string | null {
  return problem.hint ?? saySentence(`${problem.code}.hint`, problem.params, sentences) ?? null;
}

/** The sentence of a code with its parameters filled in, where there is one. */
export function saySentence(
  code: string,
  params: Readonly<Record<string, unknown>>,
  sentences: Sentences,
): string | undefined {
  return sentences[code]?.replace(/\{(\w+)\}/g, (whole, name: string) => tell(params[name], whole));
}

function tell(value: unknown, otherwise: string): string {
  if (value === undefined) return otherwise;
  return typeof value === "string" ? value : JSON.stringify(value);
}
