/** How well a network is: gradients, living units, verdicts and their cures. */
export const enHealth = {
  healthGradientShort: "gradient",
  healthDead: "dead",
  healthActive: "active",
  healthSaturated: "at its limits",
  healthLegend:
    "Over {count} training samples: dead units answer 0 to all of them; active is the share of answers above 0; at its limits are those whose slope has less than a tenth left.",
  verdict: "Verdict",
  verdictAt: "at step {step}",
  remedyLeaky: "leaky ReLU, rate {rate}",
  remedyDecay: "L2 {l2}",
  remedyRate: "rate {rate}",
  remedyOn: "go on from step {step} with {remedy}",
  remedyAnew: "begin anew with {remedy}",
  remedyBeside: "both side by side (A|B)",
} as const;
