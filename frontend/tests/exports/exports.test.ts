import { expect, test } from "vitest";

import { Exports, formatsOf } from "../../src/exports/exports";
import type { Notice, State } from "../../src/page/state";
import { Refused, Unreachable } from "../../src/wire/api";
import type { Document, Problem } from "../../src/wire/plan";

const document: Document = { spec: "nn/1", network: { input: [2], layers: ["linear"] } };
type Run = NonNullable<State["run"]>;
const run = (step: number): Run => ({ id: "run_1", step }) as Run;

interface Api {
  script(document: Document): Promise<string>;
  file(run: string, format: string): Promise<{ name: string | null; body: Blob }>;
}

function taking(api: Partial<Api>) {
  const saved: [string, Blob][] = [];
  const said: Notice[] = [];
  const never = (): never => {
    throw new Error("not asked for");
  };
  const exports = new Exports(
    { script: never, file: never, ...api },
    (name, file) => saved.push([name, file]),
    (notice) => said.push(notice),
  );
  return { exports, saved, said };
}

test("a draft can become a script, a run that has begun all", () => {
  expect(formatsOf({ run: null })).toEqual(["pytorch"]);
  expect(formatsOf({ run: run(0) })).not.toContain("safetensors");
  expect(formatsOf({ run: run(0) })).not.toContain("onnx");
  const all = ["pytorch", "onnx", "safetensors", "csv", "parquet", "bundle"];
  expect(formatsOf({ run: run(20) })).toEqual(all);
});

test("a draft is saved as a script by its title", async () => {
  const { exports, saved } = taking({ script: async () => "import torch\n" });
  await exports.take("pytorch", { run: null, document, title: "Two moons / 双月" });
  const [[name, file]] = saved as [[string, Blob]];
  expect(name).toBe("Two-moons-双月.py");
  expect(await file.text()).toBe("import torch\n");
});

test("a run is fetched whole and saved under the service's name for it", async () => {
  const asked: string[] = [];
  const { exports, saved } = taking({
    file: async (id, format) => {
      asked.push(`${id} ${format}`);
      return { name: format === "csv" ? null : "spiral-9.zip", body: new Blob(["PK"]) };
    },
  });
  await exports.take("bundle", { run: run(9), document, title: "spiral" });
  await exports.take("csv", { run: run(9), document, title: "spiral" });
  expect(asked).toEqual(["run_1 bundle", "run_1 csv"]);
  expect(saved.map(([name]) => name)).toEqual(["spiral-9.zip", "spiral.csv"]);
});

test("what cannot be exported is said in the reader's language, and nothing is saved", async () => {
  const hint = "可以导出权重。";
  const problem = { message: "no", text: "脚本目前还无法表达 each。", hint } as Problem;
  const { exports, saved, said } = taking({
    script: () => Promise.reject(new Refused(422, [problem], "req_1", "1 problem")),
  });
  expect(await exports.script(document)).toBeNull();
  await exports.take("pytorch", { run: null, document, title: "x" });
  expect(said[0]).toEqual({
    text: "脚本目前还无法表达 each。 可以导出权重。",
    request: "req_1",
  });
  expect(said).toHaveLength(2);
  expect(saved).toEqual([]);
});

test("a service that is away is said to be", async () => {
  const { exports, said } = taking({ script: () => Promise.reject(new Unreachable()) });
  await exports.script(document);
  expect(said).toEqual([{ text: "", request: null }]);
});
