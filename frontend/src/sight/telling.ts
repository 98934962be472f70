import { strongest } from "../layers/conv/sum";
import type { Sum } from "../layers/sums";
import { formatScientific, formatShare, formatTerm } from "../numbers/format";
import type { Say } from "../page/workbench";

const MOST_CELLS = 9;

/** One step as a formula with its numbers, ending in what it gives. */
export function tellSum(sum: Sum, say: Say): string {
  const share = sum.kind === "share" && !sum.logarithmic;
  return `${leftOf(sum, say)} = ${share ? formatShare(sum.total) : formatTerm(sum.total)}`;
}

function leftOf(sum: Sum, say: Say): string {
  switch (sum.kind) {
    case "patch":
      return tellPatch(sum, say);
    case "window":
      return `${sum.reduction}(${listed(sum.cells.map((cell) => cell ?? NaN))})`;
    case "terms":
      return tellTerms(sum);
    case "norm":
      return `(${formatTerm(sum.x)} ${signed(-sum.mean)}) / √(${formatScientific(sum.variance, 3)} + ${formatScientific(sum.epsilon, 1)}) · ${formatTerm(sum.gamma)} ${signed(sum.beta)}`;
    case "response":
      return `${formatTerm(sum.x)} / (${formatTerm(sum.k)} + ${formatScientific(sum.alpha, 1)} · ${formatTerm(sum.squares)})${raised(sum.beta)}`;
    case "moved":
      if (sum.layer === null) return say("filledIn");
      return `${nameOf(sum.layer, say)}[${sum.at.join(", ")}]`;
    case "join":
      return sum.sign === "mean"
        ? `mean(${listed(sum.values)})`
        : sum.values.map(formatTerm).join(` ${sum.sign} `);
    case "function":
      return `${sum.name}(${formatTerm(sum.x)})`;
    case "share":
      if (sum.logarithmic) return `${formatTerm(sum.x)} − log Σ exp`;
      return `exp(${formatTerm(sum.x)}) / Σ exp`;
  }
}

function tellPatch(sum: Extract<Sum, { kind: "patch" }>, say: Say): string {
  const most = strongest(sum);
  const others = sum.parts.length - 1 + (sum.left ?? 0);
  const rest = sum.total - sum.bias - (most?.total ?? 0);
  const more = others ? ` ${signed(rest)} (${say("moreMaps", { count: others })})` : "";
  return `${formatTerm(most?.total ?? 0)}${more} ${signed(sum.bias)} (${say("bias")})`;
}

function tellTerms(sum: Extract<Sum, { kind: "terms" }>): string {
  const terms = sum.products.map(({ weight, value }, at) => {
    const product = `${formatTerm(Math.abs(weight))}·${formatTerm(value)}`;
    if (at === 0) return weight < 0 ? `−${product}` : product;
    return `${weight < 0 ? "−" : "+"} ${product}`;
  });
  const bias = sum.bias === null ? "" : ` ${signed(sum.bias)}`;
  return `${terms.join(" ")}${sum.left ? " + …" : ""}${bias}`;
}

/** The last part of a path tells a layer from its neighbours. */
function nameOf(layer: string, say: Say): string {
  const short = layer.slice(layer.lastIndexOf("/") + 1);
  return short === "input" ? say("input") : short;
}

function raised(power: number): string {
  return power === 1 ? "" : ` ^ ${formatTerm(power)}`;
}

/** A number behind a sum: "+ 0.31", "− 0.20". */
function signed(value: number): string {
  return `${value < 0 ? "−" : "+"} ${formatTerm(Math.abs(value))}`;
}

function listed(values: readonly number[]): string {
  const shown = values.slice(0, MOST_CELLS).filter((value) => !Number.isNaN(value));
  return shown.map(formatTerm).join(", ") + (values.length > MOST_CELLS ? ", …" : "");
}
