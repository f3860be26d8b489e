// @ts-check
/** What is known to be broken: one line each, with what to do behind it. */
import { el } from "./dom.js";

/** @param {{title: string, text: string}[]} incidents @param {string} label */
export const banners = (incidents, label) =>
  incidents.map(({ title, text }) =>
    el("details", { class: "banner" }, el("summary", {}, el("b", {}, label + "\u00a0: "), title), el("p", { class: "text" }, text)),
  );
