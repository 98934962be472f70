import type { Layout } from "../layout/layout";
import type { Pointing } from "./pointing";
import type { Position } from "./place";

/** Gives what a pointer does on the sheet of the network to the pointing. */
export function listen(
  sheet: HTMLElement,
  pointing: Pointing,
  layout: () => Layout | null,
): () => void {
  const position = (event: PointerEvent): Position => {
    const box = sheet.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const move = (event: PointerEvent): void => {
    const placed = layout();
    if (placed) pointing.move(placed, position(event));
  };
  const press = (event: PointerEvent): void => {
    const placed = layout();
    if (!placed || event.button !== 0) return;
    pointing.move(placed, position(event));
    if (pointing.press(placed, position(event), event.altKey)) event.preventDefault();
  };
  const release = (): void => pointing.release();
  const leave = (): void => pointing.leave();
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerdown", press);
  sheet.addEventListener("pointerleave", leave);
  window.addEventListener("pointerup", release);
  return () => {
    sheet.removeEventListener("pointermove", move);
    sheet.removeEventListener("pointerdown", press);
    sheet.removeEventListener("pointerleave", leave);
    window.removeEventListener("pointerup", release);
  };
}
