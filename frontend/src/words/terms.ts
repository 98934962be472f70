import { chineseTerms, type Language } from "./words";

/**
 * What the words of the language are called on the page. A word that stands here in no language
 * is shown as it is written, so that what the language learns later needs no entry to be usable.
 */
const ENGLISH: Readonly<Record<string, string>> = {
  linear: "dense (linear)",
  conv1d: "convolution 1d",
  conv2d: "convolution 2d",
  conv_transpose1d: "transposed convolution 1d",
  conv_transpose2d: "transposed convolution 2d",
  max_pool1d: "max pooling 1d",
  avg_pool1d: "mean pooling 1d",
  adaptive_avg_pool2d: "adaptive mean pooling 2d",
  adaptive_max_pool2d: "adaptive max pooling 2d",
  max_pool2d: "max pooling 2d",
  avg_pool2d: "mean pooling 2d",
  global_avg_pool: "global mean pooling",
  global_max_pool: "global max pooling",
  batch_norm: "batch normalization",
  layer_norm: "layer normalization",
  group_norm: "group normalization",
  local_response_norm: "local response normalization",
  rnn: "recurrent (rnn)",
  lstm: "LSTM",
  gru: "GRU",
  learning_rate: "learning rate",
  batch_size: "batch size",
  negative_slope: "slope left of 0",
  l1: "L1",
  l2: "L2",
};

/** A word of the language in the reader's own: a type, a field, a choice. */
export function termIn(language: Language, word: string): string {
  const terms = language === "zh" ? chineseTerms() : ENGLISH;
  return terms[word] ?? word.replaceAll("_", " ");
}
