import { expect, test } from "vitest";

import { matching, Zoo } from "../../src/catalogue/zoo";
import type { ZooEntry } from "../../src/wire/plan";

const entry = (name: string, title: string, source: string): ZooEntry => {
  return { name, title, source, note: "", parameters: 1, document: { spec: "nn/1" } };
};
const ALL = [
  entry("resnet50", "ResNet-50", "He et al. 2016"),
  entry("resnet20_cifar", "ResNet-20 for CIFAR", "He et al. 2016"),
  entry("vae", "Variational autoencoder", "Kingma and Welling 2014"),
];

test("every word that is typed has to stand in name, title or paper", () => {
  expect(matching(ALL, "cifar he").map(({ name }) => name)).toEqual(["resnet20_cifar"]);
  expect(matching(ALL, " 2014 ").map(({ name }) => name)).toEqual(["vae"]);
  expect(matching(ALL, "")).toHaveLength(3);
});

test("the networks are fetched once, and again after the service was away", async () => {
  let asked = 0;
  const zoo = new Zoo({
    zoo: () => (++asked === 1 ? Promise.reject(new Error("away")) : Promise.resolve(ALL)),
  });
  expect(await zoo.entries()).toEqual([]);
  expect(await zoo.entries()).toEqual(ALL);
  expect(await zoo.entries()).toEqual(ALL);
  expect(asked).toBe(2);
});
