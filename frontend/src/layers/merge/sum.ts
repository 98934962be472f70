/** Several numbers joined into one. */
export interface JoinSum {
  kind: "join";
  sign: "+" | "·" | "mean";
  values: number[];
  total: number;
}

/** The sum, product or mean of what stands at one place of every input. */
export function joinSum(type: string, values: number[]): JoinSum | null {
  const sum = values.reduce((total, value) => total + value, 0);
  if (type === "add") return { kind: "join", sign: "+", values, total: sum };
  if (type === "mean") return { kind: "join", sign: "mean", values, total: sum / values.length };
  if (type !== "multiply") return null;
  const total = values.reduce((product, value) => product * value, 1);
  return { kind: "join", sign: "·", values, total };
}
