import type { Json, Plan } from "../wire/plan";

/** How a run descends: what tells its path from the others'. */
export interface Setting {
  batch: number;
  /** The batch is the whole training part. */
  whole: boolean;
  rule: Readonly<Record<string, Json>>;
}

export function settingOf({ train, data }: Plan): Setting {
  const { batch_size: batch, optimizer, seed, l1, l2 } = train;
  return {
    batch,
    whole: batch >= (data?.sizes["train"] ?? Infinity),
    rule: { ...optimizer, l1, l2, seed },
  };
}

/** What one setting has otherwise than the others, beside its batch: `adam`, `momentum 0.9`. */
export function distinctions(setting: Setting, all: readonly Setting[]): string[] {
  return Object.entries(setting.rule)
    .filter(([key, value]) =>
      all.some(({ rule }) => rule[key] !== undefined && rule[key] !== value),
    )
    .filter(([, value]) => typeof value === "number" || typeof value === "string")
    .map(([key, value]) => (key === "type" ? String(value) : `${key} ${String(value)}`));
}
