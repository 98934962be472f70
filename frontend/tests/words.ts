import { fetchWords } from "../src/words/words";

// As the page does before it shows anything.
await fetchWords("zh");
