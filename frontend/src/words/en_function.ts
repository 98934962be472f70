/** The strings of plain functions that are descended. */
export const enFunction = {
  function: "Function",
  functionStart: "start",
  functionNow: "now",
  functionHint:
    "Numbers, variables such as x or w2, + − × ÷, powers (**), sin, cos, exp, tanh, sqrt, log, pi. " +
    "Each step goes against the slope; the learning rate says how far.",
  functionNoData: "A plain function has no data. It is written in the middle, or under Text.",
  descentPicture: "The function, and the way of its descent",
};
