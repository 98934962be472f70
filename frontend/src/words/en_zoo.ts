/** What the page says of published networks and of deep ones drawn as slabs. */
export const enZoo = {
  zoo: "Published networks",
  zooSearch: "resnet, attention, 2014 …",
  zooNone: "No network has all of these words.",
  zooWaits: "The list is on its way.",
  unfold: "Open {name}, {count} layers",
  unfoldedTrail: "Opened blocks",
  wholeNetwork: "whole",
  slabLayers: "{count} layers",
  multiplyAdds: "multiply-adds",
  receptiveField: "sees {field} of the input",
  parametersEach: "Parameters of each",
  pointSlabHint: "Point at a slab for its shape and costs; click a block to open it.",
  pointPlanHint: "A plan without data: click a layer to change it.",
  planNoPicture: "Without data there is nothing to answer to.",
  planNoData:
    "This design names no data: it can be read, changed and exported. To train it, write data and sizes that fit under Text.",
} as const;
