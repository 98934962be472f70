import type { Observable, Unsubscribe } from "../../observable";
import { fill, type Language, type Params } from "../words";
import { enSweeps } from "./en";
import { zhSweeps } from "./zh";

/** The words of sweeps, which come with their pages: few first visits need them. */
export type SweepsKey = keyof typeof enSweeps;
export type SaySweeps = (key: SweepsKey, params?: Params) => string;

export function saySweeps(language: Language, key: SweepsKey, params: Params = {}): string {
  return fill((language === "zh" ? zhSweeps : enSweeps)[key], params);
}

/** The words of the chosen language, following the choice for as long as somebody listens. */
export function sweepsWords(language: Observable<Language>) {
  return {
    subscribe(hear: (say: SaySweeps) => void): Unsubscribe {
      return language.subscribe((chosen) => hear((key, params) => saySweeps(chosen, key, params)));
    },
  };
}
