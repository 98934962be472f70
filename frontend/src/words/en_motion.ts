/** One batch in slow motion. */
export const enMotion = {
  slow: "One batch in slow motion (hold)",
  slowMotion: "One batch in slow motion",
  slowSeveral: "Not for several networks: each step of theirs has batches of its own.",
  slowLarge: "Not for so large a network: up to 50,000 parameters and 100,000 outputs.",
  slowFunction: "A plain function has no batches.",
  slowHold: "Pause",
  slowGoOn: "Go on",
  slowNext: "Next",
  slowEnd: "End",
  slowStep: "step {step}",
  slowValue: "value",
  slowForward: "forward: the mean output of each unit over the batch of {size}",
  slowLoss: "loss {loss}, the mean over {size} samples",
  slowBackward: "backward: how the loss changes with each output and each weight",
  slowUpdate: "update at rate {rate}: each weight goes against its gradient, {name} by {update}",
} as const;
