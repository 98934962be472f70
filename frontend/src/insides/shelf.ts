import { Observable } from "../observable";

/** What draws and tells the insides of layers; fetched when a card first has such. */
type Insides = typeof import("./insides");

const fetched = new Observable<Insides | null>(null);
let asked = false;

/** The code for insides, or null while it is on its way. */
export const insides: Pick<Observable<Insides | null>, "subscribe" | "value"> = fetched;

/** Asks for the code once; who follows `insides` is told when it is there. */
export function fetchInsides(): void {
  if (asked) return;
  asked = true;
  void import("./insides").then(
    (code) => fetched.set(code),
    () => (asked = false),
  );
}
