import { expect, test } from "vitest";

import { MOST_SIGNS, packDraft, unpackDraft } from "../../src/share/link";
import type { Document } from "../../src/wire/plan";

const document: Document = {
  spec: "nn/1",
  data: { name: "spiral" },
  network: { layers: [{ type: "linear", units: 8, activation: "tanh" }, "linear"] },
};

test("a draft goes into a link and comes back the same", async () => {
  const draft = { title: "螺旋 & more", document };
  const text = (await packDraft(draft)) as string;
  expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(text.length).toBeLessThan(300);
  expect(await unpackDraft(text)).toEqual(draft);
});

test("a draft too large for a link has none", async () => {
  const noise = Array.from({ length: 12_000 }, (_, index) => (index * 7_919_993) % 1_000_003);
  expect(await packDraft({ title: "", document: { noise } })).toBeNull();
  expect(await unpackDraft("A".repeat(MOST_SIGNS + 1))).toBe("large");
});

test("a small link that would unpack without end is not unpacked", async () => {
  const text = await packDraft({ title: "", document: { zeros: "0".repeat(2_000_000) } });
  expect(text?.length).toBeLessThan(MOST_SIGNS);
  expect(await unpackDraft(text as string)).toBe("large");
});

test("a cut, changed or foreign link says which it is", async () => {
  const text = (await packDraft({ title: "x", document })) as string;
  expect(await unpackDraft(text.slice(0, -9))).toBe("broken");
  expect(await unpackDraft(`${text}%20`)).toBe("broken");
  expect(await unpackDraft("A")).toBe("broken");
  expect(await unpackDraft("")).toBe("broken");
  const list = await packDraft({ title: "x", document: [] as unknown as Document });
  expect(await unpackDraft(list as string)).toBe("foreign");
});
