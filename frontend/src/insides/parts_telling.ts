import { formatShare, formatTerm } from "../numbers/format";
import type { Say } from "../page/workbench";
import type { WordKey } from "../words/words";
import type { CurvePart, PartPicture, ScalingPart } from "./parts";

/** What a picture of a part shows, in a sentence with its figures. */
export function tellPart(part: PartPicture, say: Say): string {
  switch (part.kind) {
    case "curve": {
      const legend = say(legendOf(part));
      if (part.above === null) return legend;
      return `${legend} ${say("curveAbove", { share: formatShare(part.above) })}`;
    }
    case "scaling":
      return tellScaling(part, say);
    case "mask":
      if (part.kept === null) return say("maskWaits");
      return say("maskKept", { share: formatShare(part.kept), rate: formatTerm(part.rate) });
    case "ways":
      return part.ways
        .map(({ name, size, share }) => {
          const short = name.split("/").slice(-1).join("");
          if (share !== null) return `${short} ${formatShare(share)}`;
          return size === null ? short : `${short} ${formatTerm(size)}`;
        })
        .join(` ${part.type === "concat" ? "|" : (SIGNS[part.type] ?? "+")} `)
        .concat(part.sum === null || part.type === "concat" ? "" : ` → ${formatTerm(part.sum)}`);
  }
}

function legendOf({ curve, type, unit }: CurvePart): WordKey {
  if (unit) return type === "maxout" ? "curveOfPiece" : "curveOfUnit";
  return curve.example ? "curveExample" : "curveLegend";
}

const SIGNS: Readonly<Record<string, string>> = { add: "+", multiply: "·", mean: "&" };

function tellScaling({ before, after, scale }: ScalingPart, say: Say): string {
  if (!before || !after) return say("scalingWaits");
  const told = say("scalingLegend", {
    mean: formatTerm(meanOf(before, 0)),
    deviation: formatTerm(meanOf(before, 1)),
    newMean: formatTerm(meanOf(after, 0)),
    newDeviation: formatTerm(meanOf(after, 1)),
  });
  if (!scale) return told;
  return `${told} γ ${rangeOf(scale, 0)}, β ${rangeOf(scale, 1)}`;
}

function column(pairs: Float32Array, at: number): number[] {
  return Array.from({ length: pairs.length / 2 }, (_, row) => pairs[2 * row + at] ?? 0);
}

function meanOf(pairs: Float32Array, at: number): number {
  const values = column(pairs, at);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function rangeOf(pairs: Float32Array, at: number): string {
  const values = column(pairs, at);
  const [low, high] = [formatTerm(Math.min(...values)), formatTerm(Math.max(...values))];
  return low === high ? low : `${low} … ${high}`;
}
